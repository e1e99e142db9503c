"""A row of every kind that the shipped records lack, and somebody in each role."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agreements import roles, workflow
from agreements.models import (
    Citation,
    Document,
    DocumentText,
    FruitlessSearch,
    ImportMapping,
    Meeting,
    Participant,
    Publication,
    Release,
    ReportedTotal,
)

ANONYMOUS, STRANGER, SUPERUSER = "anonymous", "stranger", "superuser"
PEOPLE = (ANONYMOUS, STRANGER, *roles.ROLES, SUPERUSER)
_TEXT = """Eighth talks in Hanoi

On 16 May 2024 the Vietnam Coast Guard and the Japan Coast Guard held their eighth talks in Hanoi.

Major General Tran Van A led the delegation of the host. Both sides signed a memorandum on training.
"""
_FOREIGN = """xid,xname,start_date,end_date,party1,party2,xtype
1,Sea Lantern,2001-05-xx,-9,Japan,Kazakstan,1
2,Sea Lantern,03/04/2002,-9,USSR,India,2
"""


def fill() -> None:
    """Add rows to the shipped ones: a text, a draft that cites it, a data set, a release."""
    digest = hashlib.sha256(_TEXT.encode()).hexdigest()
    document = Document.objects.create(
        slug="report-in-hand", title="A report", language="en", sha256=digest
    )
    DocumentText.objects.create(document=document, text=_TEXT)
    meeting = Meeting.objects.create(slug="talks-in-hand", title="Talks", status="held")
    side: Any = Participant.objects.exclude(force=None).first()
    Participant.objects.create(
        engagement=meeting, country=side.country, force=side.force, role="host"
    )
    Citation.objects.create(
        engagement=meeting, document=document, locator="paragraph 2", field="date", quote="in Hanoi"
    )
    for record in (document, meeting):
        workflow.record_edit(record, "somebody-else")
    ImportMapping.objects.create(
        name="A data set", kind="exercise", document=document, headers="a" * 64
    )
    FruitlessSearch.objects.create(
        total=ReportedTotal.objects.first(),
        sought="x",
        places="x",
        searched_on="2026-05-01",
        by="somebody-else",
    )
    head: Any = Publication.objects.order_by("-sequence").first()
    Release.objects.create(
        version="1.0.0",
        head_sequence=head.sequence,
        head_sha256=head.sha256,
        published_at=head.published_at,
    )


def people() -> Iterator[tuple[str, Client]]:
    """Yield each role with a client of somebody in it."""
    for name in PEOPLE:
        client = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
        if name == SUPERUSER:
            client.force_login(User.objects.create_superuser(name))
        elif name != ANONYMOUS:
            user = User.objects.create_user(name, is_staff=name != STRANGER)
            if name in roles.ROLES:
                user.groups.add(Group.objects.get(name=name))
            client.force_login(user)
        yield name, client


def waiting(client: Client) -> list[str]:
    """Upload a table of ours and a foreign one; return the addresses of the pages that follow."""
    slug = Meeting.objects.values_list("slug", flat=True)[0]
    ours = f"slug,title,status,participants\n{slug},Other talks,held,VN; JP (guest)\n"
    found = []
    for address, text in (
        ("/admin/agreements/meeting/import/", ours),
        ("/admin/agreements/importmapping/add/", _FOREIGN),
    ):
        file = SimpleUploadedFile("records.csv", text.encode())
        answer = client.post(address, {"file": file})
        found.append(answer["Location"])
    return found
