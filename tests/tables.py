"""Files as users bring them: made in our own form, uploaded, previewed and agreed to."""

import csv
import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agreements.exchange import files


def csv_file(headers: list[str], *rows: list[str], delimiter: str = ",") -> bytes:
    """A CSV file as a spreadsheet writes it, with nothing escaped."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([headers, *rows])
    return text.getvalue().encode()


def address(kind: str, page: str, *arguments: Any) -> str:
    """The address of a page of a kind's list."""
    model = "reportedtotal" if kind == "total" else kind
    return reverse(f"admin:agreements_{model}_{page}", args=arguments)


def bring(client, kind: str, content: bytes, name: str = "records.csv", **fields: str):
    """Upload a file, and return the page that comes of it: the preview, or the refusal."""
    upload = SimpleUploadedFile(name, content)
    return client.post(address(kind, "import"), {"file": upload, **fields}, follow=True)


def agree(client, preview):
    """Agree to a preview, and return the page that comes of it."""
    agreed = re.search(r'name="_agreed" value="(\w+)"', preview.content.decode())[1]
    return client.post(preview.request["PATH_INFO"], {"_agreed": agreed}, follow=True)


def counts(preview) -> dict[str, int]:
    """How many rows of a preview have each outcome, those that none has left out."""
    return {name: count for name, count in preview.context["counts"].items() if count}


def refusals(page) -> list[tuple[int, str]]:
    """Where a file or its rows are refused: row and column."""
    if "preview" in page.context:
        return [(each.row, each.column) for each in page.context["preview"].problems]
    return [(each.row, each.column) for each in page.context["problems"]]


def said(page) -> str:
    """Why a file or its rows are refused, in the page's words."""
    told = page.context["preview"].problems if "preview" in page.context else None
    return " ".join(each.message for each in told or page.context["problems"])


def exported(client, kind: str, form: str = "csv", **query: str) -> bytes:
    """The file that a list is exported as."""
    answer = client.get(address(kind, "export"), {"_form": form, **query})
    assert answer.status_code == 200, answer.content
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(content: bytes) -> list[dict[str, str]]:
    """The rows of a file by the names of their columns."""
    read = files.read("", content)
    return [dict(zip(read.headers, row.cells, strict=True)) for row in read.rows]
