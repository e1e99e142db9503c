"""The files of a release, opened by the programs that researchers have, and as the API answers."""

import asyncio
import csv
import json
import sqlite3
from collections import Counter

import duckdb
import pandas
import pyarrow.parquet
import pytest
from datasette.app import Datasette
from frictionless import Package

from agreements.models import Publication
from agreements.releases.building import DATA
from agreements.releases.columns import DATE
from agreements.releases.csv_files import line
from agreements.releases.rows import rows_of
from tests import builders
from tests.builders import publish
from tests.public import LISTS, get
from tests.released import lines, released, releases_in, table

pytestmark = pytest.mark.django_db
SQLITE = "maritime-agreements.sqlite"


@pytest.fixture(scope="class")
def made(shipped_for_class, tmp_path_factory):
    """The folder of a release of the shipped records."""
    with releases_in(tmp_path_factory.mktemp("releases")):
        yield released()


def read_csv(folder, name: str) -> pandas.DataFrame:
    return pandas.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])


def count(client, path: str, **query) -> int:
    return get(client, path, count="true", page_size=1, **query)["count"]


class TestPackage:
    def test_frictionless_finds_nothing_wrong(self, made):
        report = Package(str(made / "datapackage.json")).validate()
        assert report.valid, report.flatten(["title", "fieldName", "message"])
        assert report.stats["tasks"] == len(json.loads((made / "datapackage.json").read_text())[
            "resources"
        ])  # fmt: skip

    def test_frictionless_sees_a_row_that_names_nothing(self, made, tmp_path):
        for path in made.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        with (tmp_path / "citations.csv").open("a", newline="") as file:
            row = {"kind": "meeting", "slug": "never-held", "position": 1, "field": "date",
                   "document": "no-such-report", "stance": "supports", "confidence": "high",
                   "inferred": "false", "verified": "true"}  # fmt: skip
            headings = table(made, "citations")[0]
            csv.DictWriter(file, headings).writerow(row)
        report = Package(str(tmp_path / "datapackage.json")).validate()
        found = {error.type for task in report.tasks for error in task.errors}
        assert found >= {"foreign-key", "hash-count", "byte-count"}

    def test_describes_every_file_and_where_it_comes_from(self, made, client):
        package = json.loads((made / "datapackage.json").read_text(encoding="utf-8"))
        described = {resource["path"] for resource in package["resources"]}
        others = {"datapackage.json", "SHA256SUMS", "maritime-agreements-1.0.0.zip"}
        assert described == {path.name for path in made.iterdir()} - others
        sources = {source["slug"] for source in package["sources"]}
        assert sources == {row["slug"] for row in get(client, "documents/")["results"]}
        head = Publication.objects.order_by("-sequence").first()
        assert package["ledger"]["sequence"] == head.sequence
        assert package["ledger"]["sha256"] == head.sha256
        assert [each["name"] for each in package["licenses"]] == ["CC-BY-4.0"]

    def test_tables_hold_every_record_and_every_row_of_it(self, made, client):
        for kind, path in LISTS.items():
            records = lines(made, path)
            assert len(table(made, path)) == len(records) == count(client, f"{path}/"), kind
            cited = [row for row in table(made, "citations") if row["kind"] == kind]
            assert len(cited) == sum(len(record.get("citations", ())) for record in records)
        engagements = [
            record
            for path in ("agreements", "meetings", "exercises")
            for record in lines(made, path)
        ]
        for name in ("participants", "links"):
            rows = Counter(row["slug"] for row in table(made, name))
            assert rows == Counter({
                record["slug"]: len(record[name]) for record in engagements if record[name]
            })  # fmt: skip


class TestJSONLines:
    @pytest.mark.parametrize("path", LISTS.values())
    def test_are_what_the_api_answers_byte_for_byte(self, made, client, path):
        package = json.loads((made / "datapackage.json").read_text(encoding="utf-8"))
        query = {
            "format": "ndjson",
            "as_of": package["ledger"]["published_at"],
            "ordering": "published_at",
        }
        answer = client.get(f"/api/v1/{path}/", query)
        assert (made / f"{path}.ndjson").read_bytes() == b"".join(answer.streaming_content)


class TestPandas:
    def test_reads_what_the_api_counts(self, made, client):
        meetings = read_csv(made, "meetings")
        assert len(meetings) == count(client, "meetings/")
        for status, number in meetings["status"].value_counts().items():
            assert number == count(client, "meetings/", status=status)
        participants = read_csv(made, "participants")
        partners = participants.drop_duplicates(["kind", "slug", "country"])["country"]
        for code, number in partners.value_counts().items():
            assert number == count(client, "engagements/", country=code), code

    def test_knows_dates_and_truths_from_texts(self, made):
        agreements = pandas.read_parquet(made / "agreements.parquet")
        assert agreements["identified"].dtype == bool
        assert str(agreements["published_at"].dtype).startswith("datetime64")
        held = agreements[agreements["date_earliest"].notna()]
        assert (held["date_earliest"] <= held["date_latest"]).all()

    @pytest.mark.parametrize("name", [each.name for each in DATA])
    def test_finds_the_same_cells_in_csv_and_parquet(self, made, name):
        parquet = pyarrow.parquet.read_table(made / f"{name}.parquet").to_pylist()
        assert len(parquet) == len(table(made, name))
        for row, cells in zip(parquet, table(made, name), strict=True):
            assert {key: _as_cell(value) for key, value in row.items()} == cells


def _as_cell(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "tzinfo"):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


class TestDuckDB:
    def test_finds_the_same_in_csv_parquet_and_json(self, made, client):
        for path in LISTS.values():
            csv_rows, parquet_rows, json_rows = (
                duckdb.sql(f"SELECT count(*) FROM {reader}('{made}/{path}.{form}')").fetchall()[0][
                    0
                ]
                for reader, form in (
                    ("read_csv", "csv"),
                    ("read_parquet", "parquet"),
                    ("read_json", "ndjson"),
                )
            )
            assert csv_rows == parquet_rows == json_rows == count(client, f"{path}/")

    def test_joins_tables_as_the_api_filters(self, made, client):
        found = duckdb.sql(f"""
            SELECT force, status, count(DISTINCT (kind, slug))
            FROM '{made}/participants.parquet' JOIN '{made}/engagements.parquet'
            USING (kind, slug) WHERE force IS NOT NULL GROUP BY ALL
        """).fetchall()
        assert found
        for force, status, number in found:
            assert number == count(client, "engagements/", force=force, status=status)

    def test_sees_the_texts_of_other_scripts(self, made):
        names = duckdb.sql(f"""
            SELECT text FROM '{made}/force_names.csv'
            WHERE force = 'vietnam-coast-guard' AND language = 'vi'
        """).fetchall()
        assert ("Cảnh sát biển Việt Nam",) in names


class TestSQLite:
    def test_is_whole_and_its_keys_hold(self, made):
        opened = sqlite3.connect(f"file:{made / SQLITE}?mode=ro", uri=True)
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        # Not of the write-ahead log, which a folder that is only read cannot have.
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert opened.execute("PRAGMA freelist_count").fetchone() == (0,)

    @pytest.mark.parametrize("each", DATA, ids=lambda each: each.name)
    def test_holds_the_rows_of_every_table(self, made, each):
        opened = sqlite3.connect(made / SQLITE)
        cursor = opened.execute(f"SELECT * FROM {each.name} ORDER BY rowid")
        assert [name for name, *_ in cursor.description] == [one.name for one in each.columns]
        truths = [one.type == "boolean" for one in each.columns]
        rows = [
            ["" if cell is None else str(bool(cell)).lower() if truth else str(cell)
             for cell, truth in zip(row, truths, strict=True)]
            for row in cursor
        ]  # fmt: skip
        assert rows == [list(row.values()) for row in table(made, each.name)]

    def test_refuses_a_row_that_names_nothing(self, made):
        opened = sqlite3.connect(":memory:")
        sqlite3.connect(made / SQLITE).backup(opened)
        opened.execute("PRAGMA foreign_keys=ON")
        with pytest.raises(sqlite3.IntegrityError):
            opened.execute("UPDATE citations SET document = 'no-such-report'")


class TestDatasette:
    def test_serves_it_as_it_is(self, made, client):
        numbers = asyncio.run(self.asked(made))
        assert numbers == {name: count(client, f"{name}/") for name in numbers}

    @staticmethod
    async def asked(made) -> dict[str, int]:
        datasette = Datasette([str(made / SQLITE)], immutables=[])
        await datasette.invoke_startup()
        found = {}
        for name in ("agreements", "meetings", "exercises", "forces", "documents"):
            response = await datasette.client.get(f"/maritime-agreements/{name}.json?_size=0")
            assert response.status_code == 200
            found[name] = response.json()["filtered_table_rows_count"]
        page = await datasette.client.get("/maritime-agreements/participants")
        assert page.status_code == 200
        return found


class TestCodebook:
    def test_names_every_column_of_every_table(self, made):
        rows = {(row["table"], row["column"]): row for row in table(made, "codebook_fields")}
        for each in DATA:
            for column in each.columns:
                row = rows.pop((each.name, column.name))
                assert row["about"]
                cells = [cell[column.name] for cell in table(made, each.name)]
                assert int(row["rows"]) == len(cells)
                assert int(row["filled"]) == sum(1 for cell in cells if cell)
        assert rows == {}

    def test_counts_the_uses_of_every_word(self, made):
        values = table(made, "codebook_values")
        counted = {(row["table"], row["column"], row["value"]): int(row["rows"]) for row in values}
        columns = {(row["table"], row["column"]) for row in values}
        assert ("meetings", "level") in columns
        for name, column in columns:
            uses = Counter(row[column] for row in table(made, name) if row[column])
            assert uses.items() <= {
                value: number for (*place, value), number in counted.items()
                if tuple(place) == (name, column)
            }.items()  # fmt: skip

    def test_gives_the_words_in_both_languages_and_those_that_nobody_uses(self, made):
        words = {
            row["value"]: row
            for row in table(made, "codebook_values")
            if (row["table"], row["column"]) == ("agreements", "instrument")
        }
        memorandum = words["memorandum-of-understanding"]
        assert memorandum["label_en"] == "memorandum of understanding"
        assert memorandum["label_vi"] == "biên bản ghi nhớ"
        assert words["treaty"]["rows"] == "0"
        for row in table(made, "codebook_values"):
            if row["vocabulary"]:
                assert row["label_en"], row
                assert row["label_vi"], row

    def test_is_written_for_people_too(self, made):
        text = (made / "codebook.md").read_text(encoding="utf-8")
        for each in DATA:
            assert f"\n## {each.name}\n" in text
            for column in each.columns:
                assert f"| `{column.name}` |" in text
        assert "| `treaty` | treaty |" in text

    def test_tells_every_key_of_the_json(self, made):
        text = (made / "codebook.md").read_text(encoding="utf-8")
        _, _, records = text.partition("## Records as JSON")
        for path in LISTS.values():
            section = records.partition(f"### {path}.ndjson")[2].partition("###")[0]
            told = {row.split("`")[1]: row for row in section.splitlines() if row.startswith("| `")}
            assert all(row.split("|")[3].strip() for row in told.values())
            for record in lines(made, path):
                assert _keys(record) <= set(told)


def _keys(value, above: str = "") -> set[str]:
    """Every path of keys in a record, as the codebook writes them."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, below in value.items():
            found |= {f"{above}{key}", *_keys(below, f"{above}{key}.")}
    if isinstance(value, list):
        for below in value:
            found |= _keys(below, f"{above[:-1]}[].")
    return found


class TestExactCells:
    """Texts that are hard on files come out of each of them as they are recorded."""

    HARD = (
        "=HYPERLINK(1)", "+84 24", "-9", "@here", "'quoted", 'a "word", and more', " led ", "NA",
        "true", "one\r\ntwo", "tab\there", "Đẩy mạnh", "2024-01-01", "1e5", "null", "trail,",
    )  # fmt: skip

    @pytest.fixture
    def hard(self, db, tmp_path):
        for number, text in enumerate(self.HARD):
            publish(builders.meeting(f"talks-{number:02}", summary=text))
        with releases_in(tmp_path):
            yield released()

    def test_in_every_form(self, hard):
        recorded = [record["summary"] for record in lines(hard, "meetings")]
        assert recorded == list(self.HARD)
        sqlite = sqlite3.connect(hard / SQLITE)
        found = {
            "csv": [row["summary"] for row in table(hard, "meetings")],
            "pandas": list(
                pandas.read_csv(
                    hard / "meetings.csv", dtype=str, keep_default_na=False, na_values=[""]
                )["summary"]
            ),
            "parquet": list(pandas.read_parquet(hard / "meetings.parquet")["summary"]),
            "sqlite": [row[0] for row in sqlite.execute("SELECT summary FROM meetings")],
            "duckdb": [
                row[0]
                for row in duckdb.sql(
                    f"SELECT summary FROM read_csv('{hard}/meetings.csv', all_varchar=true)"
                ).fetchall()
            ],
            "frictionless": [
                row["summary"]
                for row in Package(str(hard / "datapackage.json"))
                .get_resource("meetings")
                .read_rows()
            ],
        }
        assert found == dict.fromkeys(found, recorded)

    def test_are_valid_and_those_that_a_spreadsheet_would_run_are_counted(self, hard):
        assert Package(str(hard / "datapackage.json")).validate().valid
        readme = (hard / "README.md").read_text(encoding="utf-8")
        # Each stands in the table of its kind and in that of all engagements.
        assert "Cells that could run there: 6." in readme

    def test_namibia_is_not_missing(self, db, tmp_path):
        publish(builders.meeting("talks", sides=((builders.VCG, "host"), ("NA", "guest"))))
        with releases_in(tmp_path):
            made = released()
        assert "NA" in set(read_csv(made, "participants")["country"])


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        (("a", None, 1, True), "a,,1,true\r\n"),
        (('say "so"', "a,b"), '"say ""so""","a,b"\r\n'),
        (("one\ntwo", "a\rb", " led"), '"one\ntwo","a\rb"," led"\r\n'),
    ],
)
def test_a_line_of_csv(cells, written):
    assert line(cells) == written


def test_a_record_that_was_published_before_a_list_was_known_has_none_of_it():
    record = {"kind": "exercise", "slug": "drill", "title": "A drill", "revision": 1,
              "published_at": "2026-01-01T00:00:00Z", "sha256": "0" * 64}  # fmt: skip
    assert [name for name, _ in rows_of("exercise", record)] == [
        "records", "engagements", "exercises",
    ]  # fmt: skip


def test_dates_of_every_table_are_days(db):
    names = {column.name for each in DATA for column in each.columns if column.type == DATE}
    assert {name.rpartition("_")[2] for name in names} == {"earliest", "latest"}
