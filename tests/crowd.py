"""Desks of any size: as many records of every kind as are asked for, and some full of rows."""

from datetime import UTC, date, datetime

from agreements.countries import country_table
from agreements.models import (
    Agreement,
    Change,
    Citation,
    Country,
    Delegate,
    Document,
    DocumentText,
    EngagementLink,
    EngagementTopic,
    Exercise,
    Force,
    ForceName,
    FruitlessSearch,
    Meeting,
    Participant,
    Person,
    PersonName,
    Publication,
    ReportedTotal,
    Series,
    Topic,
    TopicLabel,
)
from agreements.snapshots import snapshot

FULL = "full"


class Desk:
    """A desk that grows. What the records with the slug "full" have grows with it."""

    def __init__(self) -> None:
        self.size = 0
        self.vietnam = Country.objects.create(code="VN", alpha3="VNM")
        self.document = Document.objects.create(slug=FULL, title="A long report", language="en")
        self.text = DocumentText.objects.create(document=self.document, text="Begun.")
        self.force = Force.objects.create(
            slug=FULL, name="The force", country=self.vietnam, kind="coast-guard"
        )
        self.series = Series.objects.create(slug=FULL, title="The series")
        self.topic = Topic.objects.create(slug=FULL, name="The topic")
        self.person = Person.objects.create(slug=FULL, name="The person")
        self.total = ReportedTotal.objects.create(
            slug=FULL, title="The total", what="talks", count=1, counts="meetings",
            document=self.document, locator="paragraph 1",
        )  # fmt: skip
        self.meeting = Meeting.objects.create(slug=FULL, title="The meeting", status="held")
        self.participant = Participant.objects.create(
            engagement=self.meeting, country=self.vietnam, force=self.force, role="host"
        )
        others = (self.vietnam, self.document, self.force, self.series, self.topic, self.total)
        # Small states: a history of full ones would fill the disk.
        self.begun = [(each, snapshot(each)) for each in (*others, self.person, self.meeting)]

    def grow(self, size: int) -> None:
        """Make records until there are so many of each kind."""
        numbers = range(self.size, size)
        self.size = size
        countries = self._countries(numbers)
        documents = Document.objects.bulk_create(
            Document(slug=f"document-{n}", title=f"Report {n}", language="en") for n in numbers
        )
        forces = Force.objects.bulk_create(
            Force(slug=f"force-{n}", name=f"Force {n}", country=country, kind="coast-guard")
            for n, country in zip(numbers, countries, strict=True)
        )
        topics = Topic.objects.bulk_create(
            Topic(slug=f"topic-{n}", name=f"Topic {n}") for n in numbers
        )
        persons = Person.objects.bulk_create(
            Person(slug=f"person-{n}", name=f"Person {n}") for n in numbers
        )
        series = Series.objects.bulk_create(
            Series(slug=f"series-{n}", title=f"Series {n}") for n in numbers
        )
        meetings = [
            self._engagements(n, force, run)
            for n, force, run in zip(numbers, forces, series, strict=True)
        ]
        self._totals(numbers, documents)
        self._names(numbers)
        self._fill(forces, topics, persons, meetings)
        self._cite(numbers, documents, meetings)
        self._happen(numbers)
        self._look_in_vain(numbers)

    def _countries(self, numbers: range) -> list[Country]:
        codes = sorted(set(country_table()) - {"VN"})
        return Country.objects.bulk_create(
            Country(code=codes[n], alpha3=country_table()[codes[n]]["alpha3"]) for n in numbers
        )

    def _engagements(self, number: int, force: Force, series: Series) -> Meeting:
        """Make a record of each kind, with a side; return the meeting, which is of the series."""
        meeting = Meeting.objects.create(
            slug=f"meeting-{number}", title=f"Meeting {number}", status="held", series=series
        )
        agreement = Agreement.objects.create(
            slug=f"agreement-{number}", title=f"Agreement {number}", status="signed"
        )
        exercise = Exercise.objects.create(
            slug=f"exercise-{number}", title=f"Visit {number}", status="held", activity="ship-visit"
        )
        Participant.objects.bulk_create(
            Participant(engagement=each, country=force.country, force=force, role=role)
            for each, role in ((meeting, "host"), (agreement, "party"), (exercise, "host"))
        )
        return meeting

    def _totals(self, numbers: range, documents: list[Document]) -> None:
        ReportedTotal.objects.bulk_create(
            ReportedTotal(
                slug=f"total-{n}", title=f"Total {n}", what="talks", count=n, counts="meetings",
                document=document, locator="paragraph 1",
            )
            for n, document in zip(numbers, documents, strict=True)
        )  # fmt: skip

    def _names(self, numbers: range) -> None:
        """Give the force, the person and the topic more names."""
        ForceName.objects.bulk_create(
            ForceName(force=self.force, text=f"Name {n}", language="en") for n in numbers
        )
        PersonName.objects.bulk_create(
            PersonName(person=self.person, text=f"Name {n}", language="en") for n in numbers
        )
        TopicLabel.objects.bulk_create(
            TopicLabel(topic=self.topic, text=f"Label {n}", language=f"en-x-{n:04}")
            for n in numbers
        )

    def _fill(
        self,
        forces: list[Force],
        topics: list[Topic],
        persons: list[Person],
        meetings: list[Meeting],
    ) -> None:
        """Give the full meeting sides with a delegate each, topics and links."""
        sides = Participant.objects.bulk_create(
            Participant(engagement=self.meeting, country=force.country, force=force, role="guest")
            for force in forces
        )
        Delegate.objects.bulk_create(
            Delegate(participant=side, person=person, role="head")
            for side, person in zip(sides, persons, strict=True)
        )
        EngagementTopic.objects.bulk_create(
            EngagementTopic(engagement=self.meeting, topic=topic) for topic in topics
        )
        EngagementLink.objects.bulk_create(
            EngagementLink(source=self.meeting, relation="implements", target=meeting)
            for meeting in meetings
        )
        Delegate.objects.bulk_create(
            Delegate(participant=self.participant, person=person, role="member")
            for person in persons
        )
        self.total.countries.add(*(force.country for force in forces))

    def _cite(self, numbers: range, documents: list[Document], meetings: list[Meeting]) -> None:
        """Cite each document for the full records, and the full document for each meeting."""
        Citation.objects.bulk_create(
            Citation(document=document, locator="paragraph 1", field=name, **target)
            for target, name in (
                ({"engagement": self.meeting}, "status"),
                ({"force": self.force}, "name"),
                ({"series": self.series}, "title"),
            )
            for document in documents
        )
        Citation.objects.bulk_create(
            Citation(
                document=self.document, locator=f"paragraph {n + 2}", quote=f"Talks {n}",
                engagement=meeting, field="status",
            )
            for n, meeting in zip(numbers, meetings, strict=True)
        )  # fmt: skip
        self.text.text += "".join(f"\nTalks {n} were held." for n in numbers)
        self.text.save()

    def _look_in_vain(self, numbers: range) -> None:
        """Note searches that found nothing for the full total, series and meeting."""
        targets = ({"total": self.total}, {"series": self.series}, {"engagement": self.meeting})
        FruitlessSearch.objects.bulk_create(
            FruitlessSearch(
                **target, ordinal=n + 1 if "series" in target else None, sought=f"Talks {n}",
                places="Sites", searched_on=date(2026, 5, 1), by="analyst",
            )
            for target in targets
            for n in numbers
        )  # fmt: skip

    def _happen(self, numbers: range) -> None:
        """Give each full record a longer history, and the ledger more rows."""
        Change.objects.bulk_create(
            Change(
                kind=each.record_kind, record_id=each.pk, key=FULL, version=n + 1,
                step="edited", way="form", by="analyst", state=state,
            )
            for each, state in self.begun
            for n in numbers
        )  # fmt: skip
        Publication.objects.bulk_create(
            Publication(
                sequence=n + 1, kind="topic", slug=f"gone-{n}", revision=1, state="published",
                body="{}", published_at=datetime(2025, 1, 1, tzinfo=UTC), author="analyst",
                approver="reviewer", sha256=f"{n:064x}", title="T", title_key="t",
                date_key=date(2025, 1, 1),
            )
            for n in numbers
        )  # fmt: skip
