"""What somebody brings as a file comes back to nobody as one; what is given out is to be kept."""

import re
import shutil

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse

from agreements.models import Document, DocumentText
from tests import builders
from tests.released import released, releases_in
from tests.walking import routes

pytestmark = pytest.mark.django_db

READ, PROPOSE = "/admin/agreements/document/read/", "/admin/agreements/document/read/propose/"
IMPORT = "/admin/agreements/meeting/import/"
PROGRAM = b"<html><body><script>__xss(1)</script></body></html>"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' onload='__xss(1)'/>"
# Both quotes, a path, a line break, a direction of writing, and a name that is two.
NAMES = (
    'x".pdf',
    "../../x.pdf",
    "x\r\nContent-Type: text/html.pdf",
    "\u202efdp.x.pdf",
    "<img src=x onerror=__xss(1)>.pdf",
    "x.pdf;.html",
)
SAFE = re.compile(r'(attachment|inline); filename="[A-Za-z0-9][A-Za-z0-9._-]*"')


def test_no_file_of_anybody_is_kept_as_one(analyst, tmp_path, settings):
    fields = [field for model in apps.get_models() for field in model._meta.get_fields()]
    assert not [field for field in fields if isinstance(field, models.FileField)]
    assert (settings.MEDIA_ROOT, settings.MEDIA_URL) == ("", "/")
    settings.MEDIA_ROOT = str(tmp_path / "media")
    analyst.post(READ, {"file": SimpleUploadedFile("x.txt", b"They met.\n"), "title": "x"})
    analyst.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"slug,title\na,b\n")})
    assert not (tmp_path / "media").exists()
    assert not [route for name, route in routes() if "media" in route or "upload" in route]


@pytest.mark.parametrize("content", [PROGRAM, DRAWING])
@pytest.mark.parametrize("address", [READ, PROPOSE])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_or_a_drawing_called_pdf_is_refused(analyst, address, content, name):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    response = analyst.post(address, {"file": file, "title": "x", "slug": "x", "language": "en"})
    assert response.status_code in (200, 400)
    assert not Document.objects.exists()
    told = response.content.decode()
    assert "__xss" not in told
    for value in response.headers.values():
        assert "xss" not in value
        assert "pdf" not in value


@pytest.mark.parametrize("name", [name.replace(".pdf", ".csv") for name in NAMES])
def test_the_name_of_a_table_leads_nowhere(analyst, name):
    # The test client escapes a name as browsers do, so a line break stands in it as %0D%0A.
    file = SimpleUploadedFile(name, b"slug,title,status\ntalks,Talks,held\n", "text/html")
    response = analyst.post(IMPORT, {"file": file}, follow=True)
    assert response.status_code == 200
    assert "<img src=x" not in response.content.decode()
    assert "Content-Disposition" not in response.headers


def test_a_text_is_shown_within_a_page_and_given_out_by_no_address(analyst, client):
    document = builders.document()
    DocumentText.objects.create(document=document, text=PROGRAM.decode())
    builders.publish(document)
    page = analyst.get(reverse("admin:agreements_document_text", args=[document.pk]))
    assert page["Content-Type"].startswith("text/html")
    assert PROGRAM.decode() not in page.content.decode()
    assert "&lt;script&gt;__xss(1)" in page.content.decode()
    for path in (f"/en/documents/{document.slug}/", f"/api/v1/documents/{document.slug}/"):
        assert "__xss" not in client.get(path).content.decode()


class TestWhatIsGivenOut:
    def test_exports_are_attachments(self, analyst):
        builders.meeting()
        for model in ("meeting", "document", "person", "reportedtotal"):
            for form in ("csv", "xlsx"):
                response = analyst.get(f"/admin/agreements/{model}/export/?_form={form}")
                _is_to_be_kept(response, form)

    def test_files_of_releases_and_of_citations_are_attachments(self, client, shipped, tmp_path):
        with releases_in(tmp_path):
            for path in sorted(released("1.0.0").iterdir()):
                response = client.get(f"/api/v1/releases/1.0.0/{path.name}")
                _is_to_be_kept(response, path.name)
                assert b"".join(response.streaming_content) == path.read_bytes()
            for form in ("bib", "ris", "json"):
                _is_to_be_kept(client.get(f"/en/cite.{form}"), form)
        for name in ("../../settings.py", "..%2f..%2fsettings.py", "%2e%2e/x", "x\\y"):
            assert client.get(f"/api/v1/releases/1.0.0/{name}").status_code == 404
        shutil.rmtree(tmp_path / "1.0.0")

    def test_drawings_and_tables_that_are_opened_can_do_nothing(self, client, analyst):
        for path in ("/en/timeline.svg", "/en/matrix.csv", "/admin/pictures/timeline.svg"):
            response = (analyst if "admin" in path else client).get(path)
            assert SAFE.fullmatch(response["Content-Disposition"])
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Content-Security-Policy"].endswith("; sandbox")


def _is_to_be_kept(response, ending: str) -> None:
    assert response.status_code == 200
    found = SAFE.fullmatch(response["Content-Disposition"])
    assert found is not None
    assert found[1] == "attachment"
    assert response["Content-Disposition"].endswith(f'{ending}"')
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "html" not in response["Content-Type"]


def test_nothing_of_ours_is_served_out_of_the_folder_of_states():
    assert settings.STATE_DIR not in (settings.STATIC_ROOT, settings.MEDIA_ROOT)
    assert not [each for each in routes() if each.path.startswith("static")]
