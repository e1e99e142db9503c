"""A large spreadsheet is read in a process of its own, as a small one is here, or refused."""

import io
import zipfile

import pytest
from django.utils import translation

from agreements.exceptions import ExchangeError
from agreements.exchange import files, xlsx_sandbox
from agreements.exchange.xlsx_files import read_xlsx, write_xlsx
from agreements.intake.sandbox import Limits

pytestmark = pytest.mark.anywhere

TALKS = write_xlsx(["slug", "title"], [["talks-1", "Đàm phán"], ["talks-2", "'=1+1"]], "Talks")


@pytest.fixture
def every_file_is_large(monkeypatch):
    monkeypatch.setattr(xlsx_sandbox, "MOST_READ_HERE", 0)


def with_cells(count: int) -> bytes:
    """A file whose one row has so many empty cells, of four letters each."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(TALKS)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                row = b"<sheetData><row>" + b"<c/>" * count + b"</row>"
                assert b"<sheetData>" in part
                part = part.replace(b"<sheetData>", row)
            packed.writestr(name, part)
    return made.getvalue()


@pytest.mark.usefixtures("every_file_is_large")
def test_it_holds_what_it_holds_here(monkeypatch):
    here = read_xlsx("talks.xlsx", TALKS)
    monkeypatch.setattr("agreements.exchange.xlsx_files.read_xlsx", None)
    assert files.read("talks.xlsx", TALKS) == here
    assert [row.cells for row in here.rows] == [["talks-1", "Đàm phán"], ["talks-2", "'=1+1"]]


@pytest.mark.usefixtures("every_file_is_large")
def test_faults_are_told_in_the_language_of_who_asks(monkeypatch):
    with translation.override("vi"):
        with pytest.raises(ExchangeError) as here:
            read_xlsx("talks.xlsx", TALKS, "None")
        monkeypatch.setattr("agreements.exchange.xlsx_files.read_xlsx", None)
        with pytest.raises(ExchangeError) as caught:
            files.read("talks.xlsx", TALKS, "None")
    assert caught.value.problems == here.value.problems
    assert "Talks" in str(caught.value)


def test_what_takes_more_memory_than_it_may_is_refused():
    content = with_cells(600_000)
    assert len(content) < 20_000
    limits = Limits(seconds=60, cpu_seconds=30, memory=200_000_000)
    with pytest.raises(ExchangeError, match="takes too much|broken"):
        xlsx_sandbox.read_xlsx("talks.xlsx", content, limits=limits)


def test_a_package_that_is_none_is_refused_in_words():
    with pytest.raises(ExchangeError, match="broken, or no XLSX file"):
        files.read("talks.xlsx", TALKS[:500])
