"""Vocabularies in the OpenAPI description: one component with a name of its own for each.

Without this every parameter and every key that takes the same codes would be a type by itself in
the clients that are generated from it.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Choices

from agreements.catalogue.pages import ORDERS
from agreements.models import (
    ActivityStatus,
    Agreement,
    AgreementStatus,
    Citation,
    Delegate,
    EngagementKind,
    EngagementLink,
    Exercise,
    Force,
    ForceName,
    Meeting,
    Participant,
    Publication,
    ReportedTotal,
)

_CHOICES: dict[str, tuple[type[Choices], ...]] = {
    "RecordKind": (Publication.Kind,),
    "EngagementKind": (EngagementKind,),
    "EngagementStatus": (AgreementStatus, ActivityStatus),
    "AgreementStatus": (AgreementStatus,),
    "ActivityStatus": (ActivityStatus,),
    "Instrument": (Agreement.Instrument,),
    "Ambit": (Agreement.Ambit,),
    "Level": (Meeting.Level,),
    "Modality": (Meeting.Modality,),
    "Activity": (Exercise.Activity,),
    "ParticipantRole": (Participant.Role,),
    "DelegateRole": (Delegate.Role,),
    "LinkRelation": (EngagementLink.Relation,),
    "Stance": (Citation.Stance,),
    "Confidence": (Citation.Confidence,),
    "ForceKind": (Force.Kind,),
    "NameKind": (ForceName.Kind,),
    "Counts": (ReportedTotal.Counts,),
    "RecordState": (Publication.State,),
}
_PLAIN: dict[str, dict[str, str]] = {
    "ChangeKind": {
        "published": "for the first time",
        "revised": "a later revision",
        "withdrawn": "no longer public; `reason` says why",
        "merged": "into the record `merged_into`",
    },
    "Ordering": {
        order: ("falling" if order.startswith("-") else "rising") + f" {order.lstrip('-')}"
        for order in ORDERS
    },
    "ListFormat": {
        "json": "pages of records",
        "csv": "a table of all records",
        "ndjson": "all records, one JSON object a line",
    },
}


def name_enumerations(result: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Replace every enumeration by a reference to its component; one of a single value is const.

    A post-processing hook of drf-spectacular. Raises KeyError where a vocabulary has no name here.
    """
    vocabularies = _vocabularies()
    names = {frozenset(labels): name for name, labels in vocabularies.items()}
    used: set[str] = set()

    def visit(part: Any) -> None:
        for each in part.values() if isinstance(part, dict) else part:
            if isinstance(each, (dict, list)):
                visit(each)
        if isinstance(part, dict):
            if isinstance(part.get("enum"), list):
                used.update(_replace(part, names))
            # All is for reading only, which GET says.
            if part.get("readOnly") is True:
                del part["readOnly"]

    visit(result)
    schemas = result["components"]["schemas"]
    schemas |= {name: _component(vocabularies[name]) for name in used}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def _replace(part: dict[str, Any], names: dict[frozenset[str], str]) -> Iterable[str]:
    """Rewrite one enumeration in place; return the name of the component that it needs."""
    values = part.pop("enum")
    for key in ("type", "x-spec-enum-id"):
        part.pop(key, None)
    # The list of codes and labels that drf-spectacular adds stands in the component.
    text = re.sub(r"(^|\n\n)\* `.*", "", part.pop("description", ""), flags=re.DOTALL)
    if text:
        part["description"] = text
    codes = tuple(value for value in values if value is not None)
    if len(codes) == 1:
        part |= {"type": "string", "const": codes[0]}
        return ()
    name = names[frozenset(codes)]
    reference = {"$ref": f"#/components/schemas/{name}"}
    part |= {"oneOf": [reference, {"type": "null"}]} if None in values else reference
    return (name,)


def _vocabularies() -> dict[str, dict[str, str]]:
    """Return the codes of each vocabulary with their labels."""
    chosen = {
        name: {code: str(label) for each in choices for code, label in each.choices if code}
        for name, choices in _CHOICES.items()
    }
    return chosen | _PLAIN


def _component(labels: dict[str, str]) -> dict[str, Any]:
    listed = "\n".join(f"* `{code}`: {label}" for code, label in labels.items())
    component: dict[str, Any] = {"type": "string", "enum": list(labels), "description": listed}
    if any(code.startswith("-") for code in labels):
        # Names for generators that make no use of a leading minus.
        component["x-enum-varnames"] = [
            code.lstrip("-").upper() + ("_FALLING" if code.startswith("-") else "")
            for code in labels
        ]
    return component
