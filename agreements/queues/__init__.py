"""What waits for somebody on the desk: queues of records, each for a reason that it tells.

Queries and words alone; the pages are the admin's.
"""

from agreements.queues.queue import Counted, Queue, Reader, Sought, Waiting
from agreements.queues.register import GROUPS, QUEUES

__all__ = ["GROUPS", "QUEUES", "Counted", "Queue", "Reader", "Sought", "Waiting"]
