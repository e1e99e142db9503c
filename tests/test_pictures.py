"""The pictures: what they show is what is published, and their tables show the same."""

import csv
import io
import re
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agreements import roles, workflow
from agreements.pictures import timeline as timelines
from agreements.pictures.drawing import network as network_drawing
from agreements.pictures.drawing import timeline as timeline_drawing
from agreements.pictures.drawing.places import layout, overlap
from agreements.pictures.drawing.svg import LOOK, PAPER, fitted, width_of
from agreements.pictures.matrix import EARLIER, UNCERTAIN, matrix
from agreements.pictures.network import network
from agreements.pictures.selection import Selection
from agreements.pictures.tables import harmless
from agreements.pictures.timeline import timeline
from agreements.pictures.words import below
from tests import builders
from tests.builders import CCG, JCG, VCG
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db

NAMES = ("timeline", "matrix", "network", "map")
HOSTILE = 'Talks <script>alert(1)</script> & "more"'
WITH_CHINA = ((VCG, "host"), (CCG, "guest"))
ALL_THREE = ((VCG, "host"), (JCG, "guest"), (CCG, "guest"))
BOUND = "2026-01-02T00:00:00Z"


@pytest.fixture(scope="class")
def ledger(class_database):
    """Records with dates of every form, one withdrawn, one a draft."""
    records = [
        builders.agreement("memorandum", date="2015-09", sides=((VCG, "party"), (JCG, "party"))),
        builders.meeting("talks", date="2023-02-21"),
        builders.meeting("talks-with-china", date="2024-12?", sides=WITH_CHINA),
        builders.meeting("planned-talks", date="2025", status="planned"),
        builders.meeting("called-off", date="2023-05-02", status="cancelled"),
        builders.exercise("exchange", date="2024/..", status="ongoing", sides=ALL_THREE),
        builders.exercise("by-then", date="../2022"),
        builders.exercise("winter", date="2022-12-30/2023-01-02"),
        builders.exercise("ship-visit", date="XXXX-07-24/XXXX-07-28", title=HOSTILE),
        builders.meeting(
            "some-day", title="=1+1 of the two", sides=((VCG, "host"), ("KH", "guest"))
        ),
        builders.exercise("alone", date="2023", sides=((VCG, "party"),)),
    ]
    gone = builders.meeting("withdrawn", date="2023-03-03", title="Never to be shown")
    builders.publish(*records, gone, at=datetime(2026, 1, 1, tzinfo=UTC))
    workflow.withdraw(gone, "reviewer-two", "It was another one.")
    builders.meeting("draft", date="2023-04-04", title="Only a draft")


@pytest.fixture
def viewer(client):
    """The client of somebody who may look, and nothing else."""
    user = User.objects.create_user("viewer", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.VIEWER))
    client.force_login(user)
    return client


def drawn(client: Client, name: str, query: str = "") -> ET.Element:
    """The picture on a page, parsed as XML."""
    text = client.get(f"/admin/pictures/{name}/?{query}").content.decode()
    return ET.fromstring(re.search(r"<svg[^>]*picture-drawing.*?</svg>", text, re.DOTALL)[0])


def texts(svg: ET.Element, tag: str) -> list[str]:
    return [each.text or "" for each in svg.iter() if each.tag.endswith(f"}}{tag}")]


def table(client: Client, name: str, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"/admin/pictures/{name}.csv?{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed(client: Client, address: str) -> int:
    """How many records the API lists at an address."""
    answer = client.get(f"{address}&count=true")
    assert answer.status_code == 200, answer.content
    return answer.json()["count"]


def rows_on_page(client: Client, name: str) -> int:
    """How many rows the first table of a page has, without its head."""
    html = client.get(f"/admin/pictures/{name}/").content.decode()
    return html.split('<table class="picture-table">')[1].split("</table>")[0].count("<tr>") - 1


def entries(picture: timelines.Timeline) -> dict[str, timelines.Entry]:
    return {entry.slug: entry for lane in picture.lanes for entry in lane.entries}


@pytest.mark.usefixtures("ledger")
class TestTimeline:
    def test_every_published_record_stands_once_by_kind(self):
        picture = timeline(Selection())
        assert (picture.dated, picture.undated) == (9, 2)
        assert [(lane.key, lane.size) for lane in picture.lanes] == [
            ("agreement", 1),
            ("meeting", 4),
            ("exercise", 4),
        ]
        assert {entry.slug for entry in picture.without_date} == {"ship-visit", "some-day"}

    def test_what_is_withdrawn_or_a_draft_is_nowhere(self, viewer):
        for name in NAMES:
            for address in (f"{name}/", f"{name}.svg", f"{name}.csv"):
                text = viewer.get(f"/admin/pictures/{address}").content.decode()
                assert "Never to be shown" not in text
                assert "Only a draft" not in text

    def test_by_country_a_record_stands_with_each_that_takes_part(self):
        lanes = {lane.key: lane.size for lane in timeline(Selection(), "country").lanes}
        assert lanes == {"VN": 9, "JP": 7, "CN": 2}
        asked = timeline(Selection.of(country="VN"), "country")
        assert {lane.key for lane in asked.lanes} == {"JP", "CN"}

    @pytest.mark.parametrize(
        ("narrowed", "slugs"),
        [
            ({"country": "CN"}, {"talks-with-china", "exchange"}),
            ({"force": "china-coast-guard", "kind": "meeting"}, {"talks-with-china"}),
            ({"date_to": "2015"}, {"memorandum", "by-then"}),
            ({"date_from": "2025"}, {"planned-talks", "exchange"}),
            ({"kind": "agreement"}, {"memorandum"}),
            ({"date_from": "2025", "happened": "true"}, {"exchange"}),
        ],
    )
    def test_it_is_narrowed(self, narrowed, slugs):
        assert set(entries(timeline(Selection.of(**narrowed)))) == slugs

    def test_it_is_read_as_it_stood(self):
        assert timeline(Selection.of(as_of="2025-01-01")).dated == 0
        assert "withdrawn" in entries(timeline(Selection.of(as_of=BOUND)))

    def test_the_stages_are_told_apart(self):
        stages = {slug: entry.stage for slug, entry in entries(timeline(Selection())).items()}
        assert stages["talks"] == "done"
        assert stages["planned-talks"] == "planned"
        assert stages["called-off"] == "off"

    def test_a_day_is_a_mark_and_what_is_vaguer_a_bar(self):
        svg = ET.fromstring(timeline_drawing.draw(timeline(Selection())))
        groups = [group for group in svg if len(group) > 1 and group[0].tag.endswith("title")]
        by_title = {group[0].text.split(".")[0]: group for group in groups}

        def looks(title: str) -> list[str]:
            return [each.get("class") for each in by_title[title]][1:]

        assert looks("Talks") == ["pic-solid", "pic-label"]
        assert looks("Planned talks") == ["pic-bar", "pic-hollow", "pic-label"]
        assert looks("Called off") == ["pic-hollow", "pic-cross", "pic-cross", "pic-label"]
        assert looks("Exchange") == ["pic-open", "pic-open", "pic-solid", "pic-label"]
        # Of an open date, the mark stands where the end is known.
        mark, line = by_title["By then"][3], by_title["By then"][1]
        assert abs(float(line.get("x1")) - float(mark.get("points").split(",")[0])) < 12

    def test_marks_and_titles_lie_on_nothing(self):
        picture = timeline(Selection())
        along = timeline_drawing.axis(
            timeline_drawing.spans(picture), timeline_drawing.LEFT, timeline_drawing.RIGHT
        )
        for lane in picture.lanes:
            rows: dict[int, list[tuple[float, float]]] = {}
            for place in timeline_drawing.placed(lane.entries, along, titled=True):
                wide = width_of(place.title, 12)
                start = place.title_x - wide if place.anchor == "end" else place.title_x
                assert start >= timeline_drawing.LEFT
                assert start + wide <= timeline_drawing.WIDTH
                ends = (min(place.left, start), max(place.right, start + wide))
                for left, right in rows.setdefault(place.row, []):
                    assert ends[1] <= left or right <= ends[0]
                rows[place.row].append(ends)

    def test_the_table_has_what_the_picture_has(self, viewer):
        svg = drawn(viewer, "timeline")
        titles = {title.partition(".")[0] for title in texts(svg, "title")}
        rows = table(viewer, "timeline")
        assert len(rows) == 11
        for row in rows:
            assert row["Title"].removeprefix("'") in titles
        assert {row["EDTF"] for row in rows} >= {"2024-12?", "../2022", "XXXX-07-24/XXXX-07-28", ""}
        assert rows_on_page(viewer, "timeline") == 11

    def test_marks_lead_to_the_desk_and_in_a_file_to_the_public(self, viewer):
        hrefs = {each.get("href") for each in drawn(viewer, "timeline").iter()} - {None}
        assert len(hrefs) == 11
        assert all(viewer.get(href).status_code == 200 for href in hrefs)
        text = viewer.get("/admin/pictures/timeline.svg").content.decode()
        public = set(re.findall(r'href="http://testserver(/api/v1/[^"]+)"', text))
        assert len(public) == 11
        assert all(viewer.get(href).status_code == 200 for href in public)


@pytest.mark.usefixtures("ledger")
class TestTooManyToDraw:
    @pytest.fixture(autouse=True)
    def _few(self, monkeypatch):
        monkeypatch.setattr(timelines, "MOST_MARKS", 3)
        monkeypatch.setattr(timelines, "MOST_UNDATED", 1)

    def test_years_are_counted_and_what_is_in_no_one_year_apart(self):
        picture = timeline(Selection())
        lanes = {lane.key: lane for lane in picture.lanes}
        counts = {period.year: number for period, number in lanes["meeting"].counts.items()}
        assert (picture.counted, counts) == ("year", {2023: 2, 2024: 1, 2025: 1})
        assert {period.year: n for period, n in lanes["exercise"].counts.items()} == {2023: 1}
        assert lanes["exercise"].spread == 3
        assert picture.without_date == ()

    def test_months_are_counted_where_years_are_few(self):
        picture = timeline(Selection.of(kind="meeting"))
        (lane,) = picture.lanes
        months = {(period.year, period.month): n for period, n in lane.counts.items()}
        assert (picture.counted, lane.spread) == ("month", 1)
        assert months == {(2023, 2): 1, (2023, 5): 1, (2024, 12): 1}

    @pytest.mark.parametrize("by", ["kind", "country"])
    def test_the_table_has_the_numbers_of_the_picture(self, viewer, by):
        svg = drawn(viewer, "timeline", f"by={by}")
        counted = [t for t in texts(svg, "title") if re.search(r", \d+: \d+$", t)]
        rows = table(viewer, "timeline", f"by={by}")
        lane = "Kind" if by == "kind" else "Country"
        told = [f"{row[lane]}, {row['Year']}: {row['Records']}" for row in rows]
        assert counted
        assert counted == [each for each in told if re.search(r", \d{4}: ", each)]
        assert told[-1] == "All, no year known: 2"


@pytest.mark.usefixtures("ledger")
class TestMatrix:
    def test_it_is_of_the_busiest_force_unless_another_is_chosen(self):
        assert matrix(Selection()).centre.key == "vietnam-coast-guard"
        assert matrix(Selection.of(force="japan-coast-guard")).centre.key == "japan-coast-guard"
        assert matrix(Selection.of(country="KH")).centre.name == "Cambodia"

    def test_years_that_are_certain_and_all_others_apart(self):
        picture = matrix(Selection())
        rows = {row.side.key if row.side else None: row for row in picture.rows}
        assert picture.columns == (*range(2015, 2026), "across", UNCERTAIN)
        japan = {column: number.total() for column, number in rows["JP"].cells.items()}
        assert japan == {2015: 1, 2023: 2, 2025: 1, "across": 1, UNCERTAIN: 3}
        assert rows["china-coast-guard"].cells[UNCERTAIN] == {"meeting": 1, "exercise": 1}
        assert rows[None].cells == {2023: {"exercise": 1}}
        assert picture.sums.total.total() == 11

    def test_forces_follow_their_country(self):
        sides = [row.side.key if row.side else "" for row in matrix(Selection()).rows]
        assert sides == [
            *("JP", "japan-coast-guard", "CN", "china-coast-guard", "KH", ""),
        ]

    def test_what_comes_before_the_years_shown_is_counted_together(self, monkeypatch):
        monkeypatch.setattr("agreements.pictures.matrix.MOST_YEARS", 2)
        monkeypatch.setattr("agreements.pictures.matrix.WHOLE_YEARS", 1)
        picture = matrix(Selection())
        assert picture.columns[:3] == (EARLIER, 2023, 2025)
        assert picture.sums.number(EARLIER) == 1
        assert picture.sums.total.total() == 11

    def test_cells_lead_to_exactly_their_records(self, client, viewer):
        links = [each for each in drawn(viewer, "matrix").iter() if each.get("href")]
        assert len(links) > 20
        for each in links:
            number = next(child.text for child in each if child.get("class") == "pic-strong")
            assert str(listed(client, each.get("href"))) == number, each.get("href")

    def test_links_keep_what_was_asked_for(self, client, viewer):
        query = "country=VN&kind=meeting&date_from=2023&date_to=2024&as_of=2026-01-01"
        links = [each for each in drawn(viewer, "matrix", query).iter() if each.get("href")]
        assert links
        for each in links:
            number = next(child.text for child in each if child.get("class") == "pic-strong")
            assert str(listed(client, each.get("href"))) == number, each.get("href")

    def test_the_table_has_what_the_picture_has(self, viewer):
        svg = drawn(viewer, "matrix")
        cells = [title for title in texts(svg, "title") if re.search(r", .+: \d", title)]
        rows = table(viewer, "matrix")
        assert len([cell for cell in cells if ", total:" not in cell]) == len(rows)
        told = sum(
            int(row["Records"]) for row in rows if row["Country"] == "all records, each once"
        )
        assert told == 11
        for row in rows:
            assert int(row["Records"]) == sum(
                int(row[kind]) for kind in ("Agreements", "Meetings", "Exercises")
            )
        assert rows_on_page(viewer, "matrix") == 6 + 1


@pytest.mark.usefixtures("ledger")
class TestNetwork:
    def test_sides_of_different_countries_are_tied_by_what_names_both(self):
        picture = network(Selection())
        ties = {(tie.one.key, tie.other.key): tie.weight for tie in picture.ties}
        assert ties == {
            ("japan-coast-guard", "vietnam-coast-guard"): 8,
            ("china-coast-guard", "vietnam-coast-guard"): 2,
            ("china-coast-guard", "japan-coast-guard"): 1,
            ("KH", "vietnam-coast-guard"): 1,
        }
        assert (picture.records, picture.one_sided) == (11, 1)

    def test_what_is_left_out_is_said(self):
        picture = network(Selection(), most=2)
        assert (picture.others, picture.other_ties, len(picture.ties)) == (2, 3, 1)
        text = network_drawing.draw(picture)
        assert "Not drawn, having fewest records: 2 sides and 3 ties." in text

    def test_ties_lead_to_their_records(self, client, viewer):
        links = [each for each in drawn(viewer, "network").iter() if each.get("href")]
        numbers = [listed(client, each.get("href")) for each in links]
        assert sorted(numbers) == [1, 1, 2, 8]

    def test_the_table_has_what_the_picture_has(self, viewer):
        titles = texts(drawn(viewer, "network"), "title")
        rows = table(viewer, "network")
        assert len(rows) == 4
        for row in rows:
            pair = f"{row['Force or country']} and {row['With']}: "
            (title,) = (each for each in titles if each.startswith(pair))
            assert sum(map(int, re.findall(r"\d+", title))) == int(row["Records"])


@pytest.mark.usefixtures("shipped_for_class")
class TestShipped:
    def test_no_label_of_the_network_lies_on_another(self):
        picture = network(Selection())
        assert len(picture.sides) > 15
        places = layout(picture, {side: below(side) for side in picture.sides})
        boxes = [box for node in places.nodes for box in (node.box, node.own_box)]
        boxes += [
            (line.number[0] - 8, line.number[1] - 8, line.number[0] + 8, line.number[1] + 8)
            for line in places.lines
            if line.number
        ]
        crossing = [
            (one, other)
            for number, one in enumerate(boxes)
            for other in boxes[number + 1 :]
            if overlap(one, other)
        ]
        assert crossing == []
        assert all(box[0] >= 0 and box[2] <= 940 for box in boxes)

    def test_the_thick_ties_have_their_number(self):
        places = layout(
            picture := network(Selection()), {side: below(side) for side in picture.sides}
        )
        assert [line.tie.weight for line in places.lines if line.tie.weight > 2] == [
            line.tie.weight for line in places.lines if line.number and line.tie.weight > 2
        ]

    @pytest.mark.parametrize("name", NAMES)
    def test_the_same_data_give_the_same_picture(self, analyst, name):
        first, second = (analyst.get(f"/admin/pictures/{name}.svg").content for _ in range(2))
        assert first == second

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("language", ["en", "vi"])
    def test_files_are_whole_and_carry_their_colours(self, analyst, name, language):
        analyst.cookies["django_language"] = language
        answer = analyst.get(f"/admin/pictures/{name}.svg")
        assert answer["Content-Type"].startswith("image/svg+xml")
        svg = ET.fromstring(answer.content)
        assert "style" not in answer.content.decode()
        for each in svg.iter():
            look = each.get("class")
            assert look is None or look == "picture-drawing" or look in LOOK
            if look in LOOK:
                assert set(LOOK[look]) <= set(each.attrib)

    @pytest.mark.parametrize("name", NAMES)
    def test_a_picture_answers_in_few_queries(self, analyst, name):
        analyst.get(f"/admin/pictures/{name}/")
        with CaptureQueriesContext(connection) as queries:
            analyst.get(f"/admin/pictures/{name}/")
        assert len(queries) <= 15


@pytest.mark.usefixtures("ledger")
class TestPages:
    def test_a_hostile_title_is_text(self, viewer):
        for address in ("timeline/", "timeline.svg"):
            answer = viewer.get(f"/admin/pictures/{address}").content.decode()
            assert "<script>alert" not in answer
            assert "&lt;script&gt;alert(1)" in answer

    def test_a_file_holds_no_formula(self, viewer):
        text = viewer.get("/admin/pictures/timeline.csv").content.decode("utf-8-sig")
        assert ",'=1+1 of the two," in text

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize(
        "query",
        [
            *("country=XX", "country=%3Cscript%3E", "force=nobody", "kind=treaty", "by=colour"),
            *("date_from=0", "date_from=99999999999999999999", "date_to=-1", "date_from=x"),
            *("date_from=2024&date_to=2023", "as_of=2999-01-01", "as_of=yesterday"),
            *(
                "colour=red",
                "kind=meeting&kind=exercise",
                "happened=true&happened=true",
                "as_of=9999-12-31",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, viewer, name, query):
        if name != "timeline" and query.startswith("by="):
            query = "by=kind"
        page = viewer.get(f"/admin/pictures/{name}/?{query}")
        assert page.status_code == 400
        assert b"errorlist" in page.content
        assert b"picture-drawing" not in page.content
        for kind in ("svg", "csv"):
            answer = viewer.get(f"/admin/pictures/{name}.{kind}?{query}")
            assert answer.status_code == 400
            assert answer["Content-Type"] == "text/plain; charset=utf-8"

    @pytest.mark.parametrize("query", ["country=%00", "force=%ff", "by=%00"])
    def test_what_is_no_text_is_refused(self, viewer, query):
        assert viewer.get("/admin/pictures/timeline/", QUERY_STRING=query).status_code == 400

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("query", ["date_to=0001", "date_from=9999&kind=agreement"])
    def test_where_nothing_fits_it_says_so(self, viewer, name, query):
        page = viewer.get(f"/admin/pictures/{name}/?{query}")
        if page.content.count(b"picture-drawing") == 0:
            assert b"Nothing that is published fits." in page.content
        file = viewer.get(f"/admin/pictures/{name}.svg?{query}")
        assert ET.fromstring(file.content).tag.endswith("svg")
        assert viewer.get(f"/admin/pictures/{name}.csv?{query}").status_code == 200

    @pytest.mark.parametrize("kind", ["svg", "csv"])
    def test_a_file_that_is_had_already_is_not_sent_again(self, viewer, kind):
        address = f"/admin/pictures/timeline.{kind}"
        etag = viewer.get(address)["ETag"]
        assert viewer.get(address, headers={"If-None-Match": etag}).status_code == 304
        builders.publish(builders.meeting("one-more", date="2024-03-03"))
        answer = viewer.get(address, headers={"If-None-Match": etag})
        assert answer.status_code == 200
        assert b"One more" in answer.content

    def test_who_has_no_role_sees_nothing(self, client):
        client.force_login(User.objects.create_user("nobody", is_staff=True))
        for name in NAMES:
            for address in (f"{name}/", f"{name}.svg", f"{name}.csv"):
                assert client.get(f"/admin/pictures/{address}").status_code == 403

    def test_it_is_written_in_the_readers_language(self, viewer):
        with translation.override("vi"):
            lanes = timeline(Selection(), "country").lanes
        assert [lane.label for lane in lanes][:2] == ["Việt Nam", "Nhật Bản"]

    def test_the_front_page_leads_to_each(self, viewer):
        text = viewer.get("/admin/").content.decode()
        for name in NAMES:
            assert f'href="/admin/pictures/{name}/"' in text


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_ledger_is_said_to_be_empty(analyst, name):
    page = analyst.get(f"/admin/pictures/{name}/")
    assert page.status_code == 200
    assert b"Nothing is published yet" in page.content
    svg = ET.fromstring(analyst.get(f"/admin/pictures/{name}.svg").content)
    assert "Nothing is published here." in texts(svg, "text")


def test_no_picture_makes_more_queries_for_more_records(analyst, class_database):
    builders.publish(builders.meeting("first", date="2024-01-01"))
    numbers = []
    for more in (3, 30):
        for number in range(more):
            builders.publish(builders.meeting(f"m-{more}-{number}", date=f"20{number:02}"))
        counts = []
        for name in NAMES:
            analyst.get(f"/admin/pictures/{name}/")
            with CaptureQueriesContext(connection) as queries:
                analyst.get(f"/admin/pictures/{name}/")
            counts.append(len(queries))
        numbers.append(counts)
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    ("content", "written"),
    [
        *(("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx")),
        *((-1, -1), (12, 12), ("a=1", "a=1"), ("", "")),
    ],
)
def test_formulas_become_text_and_numbers_stay(content, written):
    assert harmless(content) == written


@pytest.mark.parametrize(
    ("spans", "labels"),
    [
        (["2024-03-01", "2024-03-31"], ["Mar 2024", "8 Mar", "15 Mar", "22 Mar"]),
        (["2024-01-05", "2024-11-30"], ["2024", "Feb", "Mar", "Apr"]),
        (["1976-01-01", "2025-12-31"], ["1976", "1980", "1985", "1990"]),
        (["0001-01-01", "9999-12-31"], ["1", "1000", "2000", "3000"]),
    ],
)
def test_ticks_suit_any_span(spans, labels):
    first, last = map(date.fromisoformat, spans)
    along = timeline_drawing.axis([(first, last)], 150, 928)
    ticks = list(along.ticks())
    assert [tick.text for tick in ticks][:4] == labels
    assert all(b.x - a.x >= 30 for a, b in zip(ticks, ticks[1:], strict=False))
    assert 150 <= along.place(first.toordinal()) < along.place_of_end(last.toordinal()) <= 928


def test_years_without_anything_are_cut_out_visibly():
    days = [date(year, 6, 1) for year in (1973, 2015, 2023)]
    along = timeline_drawing.axis([(day, day) for day in days], 150, 928)
    assert [cut[2:] for cut in along.cuts()] == [(1974, 2014), (2016, 2022)]


def test_a_title_loses_its_middle():
    text = fitted(
        "Cooperation document of the Vietnam Coast Guard with the force of India", 200, 12
    )
    assert text.startswith("Cooperation")
    assert text.endswith("India")
    assert width_of(text, 12) <= 200


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def page_colours(scheme: str) -> dict[str, str]:
    """The colours that the page's style sheet sets, with the paper of Django's admin."""
    sheet = (ROOT / "agreements/static/agreements/pictures.css").read_text()
    block = (
        sheet.split('html[data-theme="dark"] {')[1]
        if scheme == "dark"
        else sheet.split(":root {")[1]
    )
    found = dict(re.findall(r"--pic-(\w+): (#\w{6})", block.split("}")[0]))
    return {**found, "paper": "#121212" if scheme == "dark" else "#ffffff"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_stands_out_by_its_lightness(scheme):
    colours = page_colours(scheme)
    for ground in ("paper", "pale"):
        assert contrast(colours["ink"], colours[ground]) >= 4.5
    assert contrast(colours["soft"], colours["paper"]) >= 4.5
    for mark in ("mark", "tie"):
        assert contrast(colours[mark], colours["paper"]) >= 3
    assert contrast(colours["mark"], colours["pale"]) >= 3
    # White or black letters on a mark.
    assert contrast(colours["paper"], colours["mark"]) >= 4.5


def test_the_page_has_the_colours_of_the_files():
    light = page_colours("light")
    assert (LOOK["pic-text"]["fill"], LOOK["pic-solid"]["fill"]) == (light["ink"], light["mark"])
    assert (LOOK["pic-tie"]["stroke"], LOOK["pic-bar"]["fill"]) == (light["tie"], light["pale"])
    assert light["paper"] == PAPER
    sheet = (ROOT / "agreements/static/agreements/pictures.css").read_text()
    assert {look for look in LOOK if f".{look}" not in sheet} == set()
