"""The desk's tables and the ledger's."""

from agreements.models.changes import Change, Presence
from agreements.models.duplicates import PossibleDuplicate
from agreements.models.engagements import (
    KINDS,
    STATUSES,
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Engagement,
    EngagementKind,
    EngagementTopic,
    Exercise,
    Meeting,
)
from agreements.models.evidence import Citation, Document, DocumentText, TextShingle
from agreements.models.imports import ImportMapping
from agreements.models.participation import Delegate, EngagementLink, Participant
from agreements.models.publications import Publication, PublicationFacet
from agreements.models.reference import (
    Country,
    Force,
    ForceName,
    Person,
    PersonName,
    Series,
    Topic,
    TopicLabel,
)
from agreements.models.releases import Release
from agreements.models.review import Reviewable, Versioned
from agreements.models.searches import FruitlessSearch
from agreements.models.summary import ColumnCount, CountedUntil, FacetCount
from agreements.models.totals import ReportedTotal

__all__ = [
    "KINDS",
    "STATUSES",
    "ActivityStatus",
    "Agreement",
    "AgreementStatus",
    "Change",
    "Citation",
    "ColumnCount",
    "CountedUntil",
    "Country",
    "Delegate",
    "Document",
    "DocumentText",
    "Engagement",
    "EngagementKind",
    "EngagementLink",
    "EngagementTopic",
    "Exercise",
    "FacetCount",
    "Force",
    "ForceName",
    "FruitlessSearch",
    "ImportMapping",
    "Meeting",
    "Participant",
    "Person",
    "PersonName",
    "PossibleDuplicate",
    "Presence",
    "Publication",
    "PublicationFacet",
    "Release",
    "ReportedTotal",
    "Reviewable",
    "Series",
    "TextShingle",
    "Topic",
    "TopicLabel",
    "Versioned",
]
