"""`docs/research-questions.md`: every block of it runs, and prints what stands below it."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.served

PAGE = ROOT / "docs" / "research-questions.md"
WRITTEN = "http://127.0.0.1:8000"
RUN = {"sh": ("bash", "-s"), "python": (sys.executable, "-"), "r": ("Rscript", "-")}
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def questions() -> dict[str, dict[str, str]]:
    """The blocks below each heading, by their language; `text` is the answer."""
    sections = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        title: dict(_BLOCK.findall(body))
        for title, body in zip(sections[1::2], sections[2::2], strict=True)
    }


@cache
def has_r() -> bool:
    asked = ("Rscript", "-e", "library(jsonlite)")
    return (
        bool(shutil.which("Rscript")) and not subprocess.run(asked, capture_output=True).returncode
    )


def test_there_are_ten_and_each_is_asked_in_three_ways():
    assert len(questions()) >= 10
    for title, blocks in questions().items():
        assert set(blocks) == {*RUN, "text"}, title
        for language in RUN:
            assert blocks[language].count(f"{WRITTEN}/api/v1/") == 1, (title, "one request")


@pytest.mark.parametrize("language", RUN)
@pytest.mark.parametrize("title", questions())
def test_prints_the_answer(site, title, language):
    if language == "r" and not has_r():
        if os.environ.get("REQUIRE_R") == "1":
            pytest.fail("REQUIRE_R=1, but there is no R with jsonlite")
        pytest.skip("no R with jsonlite: apt-get install r-base-core r-cran-jsonlite")
    blocks = questions()[title]
    printed = subprocess.run(
        RUN[language],
        input=blocks[language].replace(WRITTEN, site),
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert printed.returncode == 0, printed.stderr
    lines = [line.rstrip() for line in printed.stdout.splitlines()]
    assert lines == blocks["text"].splitlines()
