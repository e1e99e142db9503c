"""Whether a server lives: `python -m coastguard.health http://127.0.0.1:8000`, for containers.

Without its database it lives, too (see `coastguard.probes`).
"""

import sys
from urllib.request import urlopen


def check(address: str) -> None:
    """Raise an OSError where a server does not answer within seconds."""
    urlopen(f"{address}/livez", timeout=4).close()  # noqa: S310


if __name__ == "__main__":
    check(sys.argv[1])
