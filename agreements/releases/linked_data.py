"""The records as linked data: JSON-LD in the terms of schema.org and of PROV-O.

Every IRI is relative to the root of the API, so that no host is in it and each is the address of
what it names, where the release is served. No node is blank.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from agreements.releases.about import CONTRIBUTORS, LICENSE_URL, TITLE
from agreements.releases.edition import Edition
from agreements.releases.tables import ENGAGEMENTS, key_name, table_of

Node = dict[str, Any]
CONTEXT: Node = {
    # A release is served two levels below the root: releases/1.2.0/records.jsonld.
    "@base": "../../",
    "@vocab": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        name: {"@type": "@id"}
        for name in (
            *("about", "addressCountry", "appearance", "areaServed", "attendee", "citation"),
            *("contributor", "isBasedOn", "isPartOf", "license", "parentOrganization"),
            *("superEvent", "additionalProperty", "url"),
        )
    },
    **{
        f"prov:{name}": {"@type": "@id"}
        for name in (
            *("wasDerivedFrom", "wasRevisionOf", "specializationOf", "hadPrimarySource"),
            *("wasAttributedTo", "qualifiedAttribution", "agent"),
        )
    },
    "prov:generatedAtTime": {"@type": "xsd:dateTime"},
    "datePublished": {"@type": "xsd:date"},
}
_TYPES = {
    "country": "Country",
    "topic": "DefinedTerm",
    "document": "CreativeWork",
    "force": "GovernmentOrganization",
    "series": "EventSeries",
    "agreement": "CreativeWork",
    "meeting": "Event",
    "exercise": "Event",
    "total": "Claim",
}
# Values for which schema.org has no term of its own.
_PROPERTIES = (
    *("status", "ordinal", "instrument", "binding", "ambit", "identified", "level", "modality"),
    *("activity", "count_stated", "area", "count", "approximate", "recorded", "gap"),
)
_OF_FORCES = (*_PROPERTIES, "kind")


def iri(kind: str, key: str) -> str:
    """Return the IRI of a record, from the root of the API."""
    return f"{table_of(kind)}/{key}/"


def opening(edition: Edition) -> str:
    """Return what the file begins with: the context, and the data set itself."""
    whole: Node = {
        "@id": f"releases/{edition.version}/",
        "@type": ["Dataset", "prov:Collection", "prov:Entity"],
        "name": TITLE,
        "version": edition.version,
        "datePublished": edition.date,
        "prov:generatedAtTime": edition.instant,
        "license": LICENSE_URL,
        "prov:wasAttributedTo": "#contributors",
    }
    if edition.previous is not None:
        whole["prov:wasRevisionOf"] = f"releases/{edition.previous.version}/"
    people = {
        "@id": "#contributors",
        "@type": ["Organization", "prov:Agent"],
        "name": CONTRIBUTORS,
    }
    return f'{{"@context":{_json(CONTEXT)},\n"@graph":[\n{_json(whole)},\n{_json(people)}'


CLOSING = "\n]}\n"


def lines(edition: Edition, kind: str, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the nodes of one record, each as a line that follows another one."""
    for node in nodes(edition, kind, record):
        yield f",\n{_json(node)}"


def nodes(edition: Edition, kind: str, record: Mapping[str, Any]) -> Iterator[Node]:
    """Yield the node of a record, then those of its passages, roles and properties."""
    this = iri(kind, record[key_name(kind)])
    node: Node = {
        "@id": this,
        "@type": [_TYPES[kind], "prov:Entity"],
        "name": record.get("title") or record["name"],
        "isPartOf": [f"releases/{edition.version}/"],
        "prov:generatedAtTime": record["published_at"],
        "version": str(record["revision"]),
    }
    below: list[Node] = []
    _fill(kind, record, node)
    below += _passages(this, record, node)
    below += _sides(this, kind, record, node)
    below += _properties(this, kind, record, node)
    yield node
    yield from below
    yield _revision(this, record)


def _revision(this: str, record: Mapping[str, Any]) -> Node:
    number = record["revision"]
    node: Node = {
        "@id": f"{this}revisions/{number}/",
        "@type": "prov:Entity",
        "prov:specializationOf": this,
        "prov:generatedAtTime": record["published_at"],
    }
    if number > 1:
        node["prov:wasRevisionOf"] = f"{this}revisions/{number - 1}/"
    return node


def _fill(kind: str, record: Mapping[str, Any], node: Node) -> None:
    if record.get("summary"):
        node["description"] = record["summary"]
    if kind == "country":
        node["identifier"] = [record["code"], record["alpha3"]]
    if kind in ("country", "force"):
        node["alternateName"] = _texts(record.get("names", ()))
    if kind == "topic":
        node["alternateName"] = _texts(record.get("labels", ()))
    if kind == "force":
        node["areaServed"] = iri("country", record["country"]["code"])
        if record.get("parent"):
            node["parentOrganization"] = iri("force", record["parent"]["slug"])
        if record.get("established"):
            node["foundingDate"] = record["established"]["edtf"]
        if record.get("predecessor"):
            node["prov:wasDerivedFrom"] = [iri("force", record["predecessor"]["slug"])]
    elif kind == "document":
        _fill_document(record, node)
    elif kind in ENGAGEMENTS:
        if record.get("date"):
            node["temporalCoverage"] = record["date"]["edtf"]
        if record.get("topics"):
            node["about"] = [iri("topic", slug) for slug in record["topics"]]
        if record.get("series"):
            term = "isPartOf" if kind == "agreement" else "superEvent"
            node.setdefault(term, []).append(iri("series", record["series"]["slug"]))
        if record.get("location"):
            node["location"] = _place(node["@id"], record["location"])
    elif kind == "total":
        node["text"] = record["what"]
        node["appearance"] = iri("document", record["document"]["slug"])
        node["prov:wasDerivedFrom"] = [node["appearance"]]
        node["about"] = [iri("country", code) for code in record.get("countries", ())]
        if record.get("force"):
            node["about"].append(iri("force", record["force"]["slug"]))


def _fill_document(record: Mapping[str, Any], node: Node) -> None:
    node["inLanguage"] = record["language"]
    for term, key in (("publisher", "publisher"), ("author", "author"), ("url", "url")):
        if record.get(key):
            node[term] = record[key]
    if record.get("published"):
        node["temporalCoverage"] = record["published"]["edtf"]
    if record.get("sha256"):
        node["sha256"] = record["sha256"]
    if record.get("origin"):
        origin = iri("document", record["origin"]["slug"])
        node["isBasedOn"] = node["prov:hadPrimarySource"] = origin


def _place(this: str, location: Mapping[str, Any]) -> Node:
    node: Node = {"@id": f"{this}#location", "@type": "Place"}
    if location["name"]:
        node["name"] = location["name"]
    if location["country"]:
        node["addressCountry"] = iri("country", location["country"])
    return node


def _texts(names: Any) -> list[Node]:
    return [{"@value": name["text"], "@language": name["language"]} for name in names]


def _passages(this: str, record: Mapping[str, Any], node: Node) -> Iterator[Node]:
    citations = record.get("citations", ())
    if not citations:
        return
    sources = dict.fromkeys(iri("document", each["document"]["slug"]) for each in citations)
    node["prov:wasDerivedFrom"] = [*node.get("prov:wasDerivedFrom", ()), *sources]
    node["citation"] = [f"{this}#citation-{n}" for n in range(1, len(citations) + 1)]
    for number, each in enumerate(citations, start=1):
        passage: Node = {
            "@id": f"{this}#citation-{number}",
            "@type": ["Quotation", "prov:Entity"],
            "isPartOf": [iri("document", each["document"]["slug"])],
            "position": each["locator"],
            "name": each["field"],
            "creativeWorkStatus": each["stance"],
        }
        if each["quote"]:
            passage["text"] = each["quote"]
        if each["note"]:
            passage["description"] = each["note"]
        yield passage


def _sides(this: str, kind: str, record: Mapping[str, Any], node: Node) -> Iterator[Node]:
    sides = record.get("participants", ())
    agents = [
        iri("force", side["force"]["slug"])
        if side["force"]
        else iri("country", side["country"]["code"])
        for side in sides
    ]
    if not sides:
        return
    term = "contributor" if kind == "agreement" else "attendee"
    node[term] = list(dict.fromkeys(agents))
    node["prov:qualifiedAttribution"] = [f"{this}#side-{n}" for n in range(1, len(sides) + 1)]
    for number, (side, agent) in enumerate(zip(sides, agents, strict=True), start=1):
        yield {
            "@id": f"{this}#side-{number}",
            "@type": ["Role", "prov:Attribution"],
            "prov:agent": agent,
            "roleName": side["role"],
        }


def _properties(this: str, kind: str, record: Mapping[str, Any], node: Node) -> Iterator[Node]:
    names = _OF_FORCES if kind == "force" else _PROPERTIES
    held = [name for name in names if record.get(name) is not None]
    if not held:
        return
    node["additionalProperty"] = [f"{this}#{name}" for name in held]
    for name in held:
        yield {
            "@id": f"{this}#{name}",
            "@type": "PropertyValue",
            "propertyID": name,
            "value": record[name],
        }


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
