"""Lists as CSV and as JSON lines: whole, exact, and safe to open."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.dates import PartialDate
from agreements.exchange.formulas import unguarded
from tests.builders import document, engagement, meeting, publish, topic
from tests.public import PATHS, body, get

pytestmark = pytest.mark.django_db

# Everything that comes as a list, records or not.
TABLES = [*PATHS, "changes", "stats", "agreements/vcg-jcg-memorandum-2015/revisions"]
CODES = ("topics", "countries")


def text(client, path, **query):
    response = client.get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return body(response).decode()


def table(client, path, **query):
    """The rows of a list as CSV, by heading."""
    return rows_of(text(client, path, format="csv", **query))


def rows_of(written):
    return list(csv.DictReader(io.StringIO(written, newline="")))


def lines(client, path, **query):
    return records_of(text(client, path, format="ndjson", **query))


def records_of(written):
    return [json.loads(line) for line in written.splitlines()]


def pages(client, path, **query):
    """Every record of a list, walked through in pages of JSON."""
    page = get(client, path, page_size=7, **query)
    found = page["results"]
    while page["next"]:
        page = client.get(page["next"]).json()
        found += page["results"]
    return found


def flat(record, above=""):
    """A record's cells, reckoned without the program: {column: text}."""
    cells = {}
    for key, value in record.items():
        name = f"{above}{key}"
        if isinstance(value, dict):
            cells |= flat(value, f"{name}_")
        elif key in CODES and isinstance(value, list):
            cells[name] = ";".join(value)
        elif isinstance(value, (list, bool)):
            cells[name] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        elif value is not None:
            cells[name] = str(value)
    return cells


@pytest.mark.usefixtures("shipped_for_class")
class TestWhole:
    @pytest.mark.parametrize("path", TABLES)
    def test_json_lines_are_the_records_of_all_pages(self, client, path):
        expected = (
            pages(client, f"{path}/")
            if path in (*PATHS, "changes")
            else get(client, f"{path}/")["results"]
        )
        assert lines(client, f"{path}/") == expected
        assert expected

    @pytest.mark.parametrize("path", TABLES)
    def test_csv_says_all_that_the_records_say(self, client, path):
        records = lines(client, f"{path}/")
        rows = table(client, f"{path}/")
        assert len(rows) == len(records)
        for row, record in zip(rows, records, strict=True):
            cells = {name: unguarded(cell) for name, cell in row.items()}
            for name, expected in flat(record).items():
                assert cells[name] == expected, name
            # Whatever stands there besides is derived from the record.
            derived = {"countries", "forces", "documents"}
            filled = {name for name, cell in cells.items() if cell}
            assert filled - set(flat(record)) <= derived

    def test_csv_has_columns_for_who_took_part_and_what_is_cited(self, client):
        (row,) = table(client, "agreements/", q="memorandum", date_from="2015", date_to="2015")
        assert row["countries"] == "VN;JP"
        assert row["forces"] == "vietnam-coast-guard;japan-coast-guard"
        assert "vna-vcg-jcg-talks" in row["documents"].split(";")
        assert row["date_edtf"] == "2015-09"
        assert (row["date_earliest"], row["date_latest"]) == ("2015-09-01", "2015-09-30")
        assert row["identified"] == "true"
        assert json.loads(row["citations"])[0]["field"]

    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    def test_filters_order_and_past_are_those_of_the_list(self, client, form):
        query = {"country": ["VN", "JP"], "kind": "meeting", "ordering": "title"}
        expected = [record["slug"] for record in pages(client, "engagements/", **query)]
        read = table if form == "csv" else lines
        assert [row["slug"] for row in read(client, "engagements/", **query)] == expected
        assert len(expected) > 5
        assert read(client, "engagements/", as_of="2020-01-01", **query) == []

    def test_fields_choose_the_columns(self, client):
        rows = table(client, "meetings/", fields="slug,date,participants")
        names = ["slug", "date_edtf", "date_earliest", "date_latest", "countries", "forces"]
        assert list(rows[0]) == [*names, "participants"]
        assert list(lines(client, "meetings/", fields="slug,status")[0]) == ["slug", "status"]

    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    def test_a_page_of_them_is_had_by_asking_for_one(self, client, form):
        read, parse = (table, rows_of) if form == "csv" else (lines, records_of)
        slugs, address = [], f"/api/v1/engagements/?format={form}&page_size=20"
        while address:
            response = client.get(address)
            assert response.headers["Content-Type"].startswith(
                {"csv": "text/csv", "ndjson": "application/x-ndjson"}[form]
            )
            slugs += [row["slug"] for row in parse(response.content.decode())]
            address = following(response)
        assert slugs == [row["slug"] for row in read(client, "engagements/")]

    @pytest.mark.parametrize("form", ["csv", "ndjson"])
    def test_the_count_is_a_header_of_them(self, client, form):
        response = client.get("/api/v1/engagements/", {"count": "true", "format": form})
        number = get(client, "engagements/", count="true")["count"]
        assert response["X-Total-Count"] == str(number)
        assert len(lines(client, "engagements/", count="true")) == number
        fault = get(client, "engagements/", 400, count="maybe", format=form)["errors"][0]
        assert fault["parameter"] == "count"

    @pytest.mark.parametrize(
        ("accept", "kind"),
        [
            ("text/csv", "text/csv; charset=utf-8"),
            ("application/x-ndjson", "application/x-ndjson"),
            ("application/json", "application/json"),
            ("text/csv;q=0.5, application/json", "application/json"),
            ("*/*", "application/json"),
        ],
    )
    def test_the_form_may_be_asked_for_by_accept(self, client, accept, kind):
        response = client.get("/api/v1/meetings/", headers={"Accept": accept})
        assert response["Content-Type"] == kind
        assert "Accept" in response["Vary"].split(", ")

    def test_a_fault_is_still_one(self, client):
        for form in ("csv", "ndjson"):
            fault = get(client, "meetings/", 400, format=form, force="never")["errors"][0]
            assert fault["parameter"] == "force"
            assert get(client, "meetings/", 400, format=form, colour="red")["status"] == 400

    def test_one_record_is_json_alone(self, client):
        path = "agreements/vcg-jcg-memorandum-2015/"
        assert get(client, path, 404, format="csv")["errors"][0]["parameter"] == "format"


def following(response):
    """The address of the next page, as the Link header gives it."""
    for each in response["Link"].split(", <"):
        address, _, relation = each.lstrip("<").partition(">; ")
        if relation == 'rel="next"':
            return address.removeprefix("http://testserver")
    return None


class TestCells:
    @pytest.mark.parametrize(
        "title",
        ['=HYPERLINK("x")', "+1", "-1+2", "@cmd", "\t=1", "'quoted", "a,b\r\nc", 'say "so"'],
    )
    def test_no_cell_is_a_formula_and_all_can_be_had_back(self, client, title):
        publish(meeting("talks", title=title.strip() or title))
        (record,) = lines(client, "meetings/")
        (row,) = table(client, "meetings/")
        assert unguarded(row["title"]) == record["title"]
        assert row["title"][0] not in "=+-@\t\r"

    def test_numbers_stay_numbers(self, client):
        publish(engagement("exercise", "drill", count_stated="-9"))
        assert table(client, "exercises/")[0]["count_stated"] == "-9"
        assert table(client, "exercises/")[0]["revision"] == "1"

    def test_dates_of_every_kind_are_as_in_the_record(self, client):
        for number, edtf in enumerate(["2024~", "../2019", "XXXX-07-24", "2021?-09-12"]):
            publish(meeting(f"talks-{number}", date=PartialDate.parse(edtf)))
        by_slug = {row["slug"]: row for row in table(client, "meetings/")}
        assert by_slug["talks-1"]["date_earliest"] == ""
        assert by_slug["talks-1"]["date_latest"] == "2019-12-31"
        assert by_slug["talks-2"]["date_edtf"] == "XXXX-07-24"


class TestStreams:
    def test_come_in_as_many_queries_for_many_records(self, client):
        def cost():
            with CaptureQueriesContext(connection) as queries:
                for path in ("meetings/", "documents/", "totals/", "changes/"):
                    lines(client, path)
            return len(queries)

        publish(*(meeting(f"talks-{number}") for number in range(2)))
        few = cost()
        publish(*(meeting(f"talks-{number}") for number in range(2, 40)))
        assert cost() == few

    def test_hold_no_more_than_a_part_at_a_time(self, client, monkeypatch):
        monkeypatch.setattr("agreements.api.public.AT_LEAST", 1)
        monkeypatch.setattr("agreements.api.lists._LINES", 1)
        publish(*(meeting(f"talks-{number}") for number in range(35)))
        response = client.get("/api/v1/meetings/?format=ndjson")
        pieces = list(response.streaming_content)
        assert response.streaming
        assert len(pieces) == 35
        assert all(len(piece.splitlines()) == 1 for piece in pieces)

    @pytest.mark.parametrize("path", ["topics", "documents"])
    def test_may_be_left_half_way(self, client, monkeypatch, path):
        """Whoever goes away leaves a connection that the next one can use."""
        monkeypatch.setattr("agreements.api.public.AT_LEAST", 1)
        monkeypatch.setattr("agreements.api.lists._LINES", 1)
        monkeypatch.setattr("agreements.catalogue.asking.AT_A_TIME", 1)
        publish(
            *(document(f"report-{number}") for number in range(3)),
            *(topic(f"topic-{number}") for number in range(3)),
        )
        everything = lines(client, f"{path}/")
        response = client.get(f"/api/v1/{path}/?format=ndjson")
        read = records_of(next(response.streaming_content).decode())
        # A server closes what is left; the test's own connection must outlast the request.
        monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
        response.close()
        assert read == everything[:1]
        assert lines(client, f"{path}/") == everything
