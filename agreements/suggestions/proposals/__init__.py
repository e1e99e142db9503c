"""What a whole text offers an analyst to record, each with its exact place.

Proposals are single mentions; events are what a record of its own could be made of.
"""

from agreements.suggestions.proposals.events import Event, events_in, events_of
from agreements.suggestions.proposals.proposal import TYPES, Proposal
from agreements.suggestions.proposals.whole_text import ReadText, proposals_of

__all__ = ["TYPES", "Event", "Proposal", "ReadText", "events_in", "events_of", "proposals_of"]
