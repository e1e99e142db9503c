"""The desk's tables and the ledger's."""

from agreements.models.engagements import (
    KINDS,
    STATUSES,
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Delegate,
    Engagement,
    EngagementKind,
    EngagementLink,
    EngagementTopic,
    Exercise,
    Meeting,
    Participant,
)
from agreements.models.evidence import Citation, Document, DocumentText, ReportedTotal
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
from agreements.models.review import Reviewable

__all__ = [
    "KINDS",
    "STATUSES",
    "ActivityStatus",
    "Agreement",
    "AgreementStatus",
    "Citation",
    "Country",
    "Delegate",
    "Document",
    "DocumentText",
    "Engagement",
    "EngagementKind",
    "EngagementLink",
    "EngagementTopic",
    "Exercise",
    "Force",
    "ForceName",
    "Meeting",
    "Participant",
    "Person",
    "PersonName",
    "Publication",
    "PublicationFacet",
    "ReportedTotal",
    "Reviewable",
    "Series",
    "Topic",
    "TopicLabel",
]
