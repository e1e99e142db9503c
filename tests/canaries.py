"""The same ledger twice: on a desk that holds nothing else, and on one that is full of canaries.

A canary is whatever is not published: each of them holds the word CANARY, which nothing public
does. Records, edits and texts come in by the doors that analysts use.
"""

import hashlib
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO

from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from agreements import likeness, workflow
from agreements.models import (
    Agreement,
    Citation,
    Country,
    Delegate,
    Document,
    DocumentText,
    EngagementLink,
    Exercise,
    Force,
    ForceName,
    FruitlessSearch,
    ImportMapping,
    Meeting,
    Participant,
    Person,
    PersonName,
    PossibleDuplicate,
    ReportedTotal,
    Series,
    Topic,
    TopicLabel,
)
from tests import builders
from tests.admin_pages import add_page, add_row, form_of, page, saved
from tests.builders import CCG, JCG, VCG, approved, reload

CANARY = "quetzal"
SECRET_FORCE = (f"{CANARY}-guard", "KH", f"{CANARY} Guard")
_FIRST_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What it says is private, and that it is held at all; its SHA-256 is among the particulars.
TEXT = f"The {CANARY} was seen. The two sides met in Hanoi.\n"
SECRET_TEXT = f"All of the {CANARY}.\n"


class Clock:
    """A clock that stands still until it is set, so that two ledgers are of the same times."""

    def __init__(self):
        self.now = _FIRST_DAY

    def advance(self):
        self.now += timedelta(days=1)

    @contextmanager
    def running(self, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(timezone, "now", lambda: self.now)
            yield self


class Desk:
    """A desk whose ledger is always the same; `canaries` says whether it holds anything else."""

    def __init__(self, clock, client, folder, canaries):
        self._clock, self._client, self._folder = clock, client, folder
        self._canaries = canaries

    def make(self):
        self.analyst = User.objects.create_superuser("analyst")
        self._client.force_login(self.analyst)
        if self._canaries:
            self._drafts("early")
        self._publish_first()
        if self._canaries:
            self._drafts("between")
            self._edits_before_a_revision()
        self._publish_more()
        if self._canaries:
            self._edits()
            self._around()
        self._take_out()
        if self._canaries:
            self._after_all()
        self._clock.advance()

    # What is public.

    def _publish(self, *records):
        self._clock.advance()
        return workflow.publish([approved(each) for each in records])

    def _publish_first(self):
        countries = [builders.country(code) for code in ("VN", "JP", "CN")]
        document = builders.document()
        document.sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
        document.save()
        forces = [builders.force(each) for each in (VCG, JCG, CCG)]
        series = Series.objects.create(slug="talks", title="Talks")
        topic = builders.topic()
        person = Person.objects.create(slug="commander", name="A commander")
        eighth = builders.meeting(series=series, ordinal=8, date="2024-12-16", level="working")
        eighth.topics.add(topic)
        Delegate.objects.create(
            participant=eighth.participants.get(role="host"), person=person, position="Commander"
        )
        builders.cite(eighth, "delegates")
        builders.cite(eighth, "topics")
        memorandum = builders.agreement(date="2015-09", instrument="memorandum-of-understanding")
        visit = builders.exercise(date="2023-04", location_name="Hanoi")
        visit.location_country = countries[0]
        visit.save()
        EngagementLink.objects.create(source=eighth, relation="announces", target=visit)
        total = ReportedTotal.objects.create(
            slug="ten", title="Ten meetings", what="meetings", count=10, counts="meetings",
            document=document, locator="paragraph 2",
        )  # fmt: skip
        self._total = total
        others = [
            builders.meeting("withdrawn-talks", date="2022"),
            builders.exercise("double", date="2023-04"),
        ]
        self._publish(*countries, topic, document, *forces, series)
        self._publish(memorandum, visit, eighth, total, *others)
        call_command("make_release", "1.0.0", verbosity=0)

    def _publish_more(self):
        eighth = Meeting.objects.get(slug="eighth-meeting")
        eighth.summary = "They met in Hanoi."
        eighth.save()
        builders.cite(eighth, "summary")
        workflow.record_edit(eighth, "analyst")
        ninth = builders.meeting("ninth-meeting", date="2025", sides=((VCG, "guest"),))
        Participant.objects.create(
            engagement=ninth, country=Country.objects.get(code="JP"), role="host"
        )
        self._publish(reload(eighth), ninth)

    def _take_out(self):
        withdrawn = Meeting.objects.get(slug="withdrawn-talks")
        self._clock.advance()
        workflow.withdraw(withdrawn, "reviewer", "It was of another event.")
        double, visit = (Exercise.objects.get(slug=slug) for slug in ("double", "ship-visit"))
        self._clock.advance()
        workflow.withdraw(double, "reviewer", "The same visit.", successor=visit)
        self._clock.advance()
        call_command("make_release", "1.1.0", verbosity=0)

    # What is not.

    def _drafts(self, when):
        """Records that were never published, of every kind, in every state before that."""
        document = builders.document(
            f"{CANARY}-report-{when}", title=f"The {CANARY} report", publisher=f"{CANARY} press"
        )
        force = builders.force(SECRET_FORCE, parent=Force.objects.first())
        series = Series.objects.create(slug=f"{CANARY}-{when}", title=f"Round of the {CANARY}")
        topic = Topic.objects.create(slug=f"{CANARY}-{when}", name=f"The {CANARY} {when}")
        person = Person.objects.create(slug=f"{CANARY}-{when}", name=f"Admiral {CANARY}")
        builders.country("NA")
        drafts = [
            make(
                f"{CANARY}-{when}-{make.__name__}-{state}",
                sides=((VCG, "host"), (SECRET_FORCE, "guest")),
                title=f"The {CANARY} affair",
                summary=f"About the {CANARY}.",
                date=date,
                location_name=f"{CANARY} bay",
                location_country=builders.country("KH"),
                series=series,
                ordinal=number,
                **more,
            )
            for state in ("draft", "in-review", "approved")
            for number, (make, date, more) in enumerate(
                [
                    (builders.meeting, "1888-08-08", {"level": "head-of-state"}),
                    (builders.agreement, "1888", {"instrument": "treaty"}),
                    (builders.exercise, "2030-01", {"status": "planned"}),
                ],
                {"draft": 70, "in-review": 80, "approved": 90}[state],
            )
        ]
        for each in drafts:
            each.topics.add(topic)
            side = each.participants.first()
            Delegate.objects.create(participant=side, person=person, position=f"{CANARY} chief")
            builders.cite(each, "date", document=document, stance="disputes", stated_value=CANARY)
            workflow.record_creation(each, "analyst")
        for one, other in zip(drafts, drafts[1:], strict=False):
            EngagementLink.objects.create(source=one, relation="part-of", target=other)
        ReportedTotal.objects.create(
            slug=f"{CANARY}-{when}", title=f"The {CANARY} count", what=CANARY, count=77,
            counts="meetings", document=document, locator=CANARY, force=force,
        )  # fmt: skip
        named = [*Country.objects.filter(code__in=["KH", "NA"]), document, force, topic, series]
        for each in drafts[3:6]:
            self._submit(each)
        for each in (*drafts[6:], *named):
            self._submit(each, approve=True)

    @staticmethod
    def _submit(record, approve=False):
        record = reload(record)
        if record.review_state != "draft":
            return
        for problem in workflow.quality.problems_of(record):
            builders.cite(record, problem.field)
        workflow.submit(record, "analyst")
        if approve:
            workflow.approve(record, "reviewer")

    def _edits_before_a_revision(self):
        """What a meeting names is edited, and the meeting is then published again without that."""
        force = Force.objects.get(slug=VCG[0])
        force.name = f"{CANARY} Coast Guard"
        force.save()
        ForceName.objects.create(force=force, text=f"VCG {CANARY}", language="en", kind="alias")
        topic = Topic.objects.get(slug="search-and-rescue")
        topic.name = f"Search and {CANARY}"
        topic.save()
        TopicLabel.objects.create(topic=topic, text=f"Tìm {CANARY}", language="vi")
        series = Series.objects.get(slug="talks")
        series.title = f"{CANARY} talks"
        series.save()
        document = Document.objects.get(slug="news-report")
        document.title, document.publisher = f"A {CANARY} report", f"{CANARY} agency"
        document.url = f"https://example.org/{CANARY}"
        document.save()
        visit = Exercise.objects.get(slug="ship-visit")
        visit.title, visit.date = f"{CANARY} visit", "1888-01"
        visit.activity = "joint-patrol"
        visit.save()
        for each in (force, topic, series, document, visit):
            workflow.record_edit(reload(each), "analyst")

    def _edits(self):
        """Everything that is published is edited, some of it in the forms of the admin."""
        client = self._client
        # Days have passed since, and with them the session.
        client.force_login(self.analyst)
        memorandum = Agreement.objects.get(slug="memorandum-2015")
        form = form_of(client, page(memorandum))
        form |= {"title": f"The {CANARY} memorandum", "title_as_given": CANARY, "date": "1888"}
        form |= {"instrument": "treaty"}
        add_row(form, "participants", country=builders.country("KH").pk, role="observer", force="")
        saved(client, page(memorandum), form)
        form = form_of(client, add_page("meeting"))
        form |= {"title": f"Written as a {CANARY}", "slug": f"{CANARY}-form", "status": "planned"}
        saved(client, add_page("meeting"), form)
        person = Person.objects.get(slug="commander")
        person.name = f"General {CANARY}"
        person.save()
        PersonName.objects.create(person=person, text=f"Tướng {CANARY}", language="vi")
        workflow.record_edit(person, "analyst")
        eighth = Meeting.objects.get(slug="eighth-meeting")
        eighth.outcomes, eighth.ordinal = f"They agreed on the {CANARY}.", 77
        eighth.series = Series.objects.get(slug=f"{CANARY}-early")
        eighth.level = "head-of-state"
        eighth.location_name = f"{CANARY} bay"
        eighth.location_country = builders.country("KH")
        eighth.save()
        guard = Force.objects.get(slug=SECRET_FORCE[0])
        Participant.objects.create(
            engagement=eighth, country=guard.country, force=guard, role="observer"
        )
        eighth.topics.add(Topic.objects.get(slug=f"{CANARY}-early"))
        draft = Meeting.objects.get(slug=f"{CANARY}-early-meeting-draft")
        EngagementLink.objects.create(source=eighth, relation="announces", target=draft)
        builders.cite(eighth, "date", stance="disputes", quote=CANARY, stated_value="1888")
        workflow.record_edit(reload(eighth), "analyst")
        ninth = Meeting.objects.get(slug="ninth-meeting")
        ninth.status = "planned"
        ninth.save()
        workflow.record_edit(ninth, "analyst")
        self._submit(ninth, approve=True)
        total = reload(self._total)
        total.count, total.what = 7777, f"{CANARY} meetings"
        total.save()
        total.countries.add(builders.country("KH"))
        workflow.record_edit(total, "analyst")
        country = Country.objects.get(code="JP")
        workflow.record_edit(country, "analyst")
        withdrawn = Meeting.objects.get(slug="withdrawn-talks")
        withdrawn.title, withdrawn.summary = f"{CANARY} talks", f"About the {CANARY}."
        withdrawn.save()
        builders.cite(withdrawn, "summary", note=f"Not of the {CANARY}.")
        workflow.record_edit(withdrawn, "analyst")

    def _around(self):
        """What belongs to the desk and to no record of it."""
        secret = Document.objects.get(slug=f"{CANARY}-report-early")
        secret.sha256 = hashlib.sha256(SECRET_TEXT.encode()).hexdigest()
        secret.save()
        for number, text in enumerate((TEXT, SECRET_TEXT)):
            (self._folder / f"{number}.txt").write_text(text)
        call_command("attach_texts", str(self._folder), verbosity=0, stdout=StringIO())
        assert DocumentText.objects.count() == 2
        FruitlessSearch.objects.create(
            total=self._total, sought=CANARY, places=CANARY, searched_on="2026-03-01", by="analyst"
        )
        ImportMapping.objects.create(
            name=CANARY, kind="exercise", document=secret, headers="a" * 64, settings={"a": CANARY}
        )
        likeness.refresh_all()
        assert PossibleDuplicate.objects.exists()
        User.objects.create_user(CANARY, email=f"{CANARY}@example.org", first_name=CANARY)

    def _after_all(self):
        """What was taken out is edited on, and some drafts are deleted."""
        withdrawn = Meeting.objects.get(slug="withdrawn-talks")
        withdrawn.summary = f"More about the {CANARY}."
        withdrawn.save()
        Citation.objects.filter(engagement=withdrawn).update(quote=CANARY)
        workflow.record_edit(withdrawn, "analyst")
        for draft in Agreement.objects.filter(slug=f"{CANARY}-between-agreement-draft"):
            EngagementLink.objects.filter(target=draft).delete()
            workflow.delete(draft, "analyst", reason=CANARY)
