"""Public pages over HTTP: languages, caches, feeds, citations, and what crawlers find."""

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from agreements import workflow
from agreements.models import Meeting, Publication
from tests import builders
from tests.builders import meeting, publish
from tests.public import get

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PAGES = [
    *("", "search/", "search/?country=VN", "countries/", "countries/VN/", "countries/JP/VN/"),
    *("forces/", "forces/vietnam-coast-guard/", "agreements/", "meetings/", "exercises/"),
    *("meetings/eighth/", "meetings/eighth/revisions/", "meetings/eighth/cite/"),
    *(
        "releases/",
        "documents/",
        "documents/news-report/",
        "series/",
        "topics/",
        "claims/",
        "changes/",
    ),
    *("cite/", "cite.bib", "meetings/eighth/cite.json", "feeds/changes.atom"),
    *("meetings/eighth/feed.atom", "search/?as_of=2026-11-22", "search/?overdue=true"),
]
FIXED = ["meetings/eighth/revisions/1/", "meetings/eighth/revisions/1/cite/"]


@pytest.fixture(scope="class")
def published(class_database):
    publish(meeting("eighth", date="2023-12", summary="They met & agreed."))


@pytest.fixture
def eighth(published, db):
    return Meeting.objects.get(slug="eighth")


class TestLanguages:
    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("vi", "vi"),
            ("vi-VN,vi;q=0.9,en;q=0.5", "vi"),
            ("en-GB", "en"),
            ("fr", "en"),
            ("", "en"),
        ],
    )
    @pytest.mark.parametrize("path", ["/", "/meetings/eighth/", "/meetings/eighth/revisions/1/"])
    def test_an_address_without_one_leads_to_the_readers(self, client, accepted, language, path):
        response = client.get(f"{path}?as_of=2026-11-22", headers={"Accept-Language": accepted})
        assert (response.status_code, response.url) == (302, f"/{language}{path}?as_of=2026-11-22")
        varied = {name.strip() for name in response["Vary"].split(",")}
        assert varied == {"Accept-Language", "Cookie"}

    def test_the_language_chosen_at_the_desk_goes_before_the_browsers(self, client):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
        assert client.get("/", headers={"Accept-Language": "en"}).url == "/vi/"

    @pytest.mark.parametrize("page", PAGES)
    def test_the_address_alone_tells_which_one_is_shown(self, client, eighth, page):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
        response = client.get(f"/en/{page}", headers={"Accept-Language": "vi"})
        assert response["Content-Language"] == "en"
        assert not response.has_header("Vary")
        assert response.content == client.get(f"/en/{page}").content

    @pytest.mark.parametrize("page", [page for page in PAGES if "." not in page] + FIXED)
    def test_each_page_leads_to_itself_in_the_other(self, client, eighth, page):
        shown = client.get(f"/en/{page}").content.decode()
        other = re.search(r'<link rel="alternate" hreflang="vi" href="([^"]+)"', shown)[1]
        assert other == f"http://testserver/vi/{page}"
        assert f'<a href="{other}" hreflang="vi" lang="vi">' in shown
        response = client.get(other)
        assert '<html lang="vi">' in response.content.decode()
        neutral = re.search(r'hreflang="x-default" href="([^"]+)"', shown)[1]
        assert client.get(neutral).url == f"/en/{page}"
        assert f'<link rel="canonical" href="http://testserver/en/{page}">' in shown

    @pytest.mark.parametrize("path", ["", "meetings/", "meetings/eighth/", "changes/", "schema/"])
    def test_the_api_speaks_english_to_everyone(self, client, eighth, path):
        plain = client.get(f"/api/v1/{path}")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
        response = client.get(f"/api/v1/{path}", headers={"Accept-Language": "vi"})
        assert response.content == plain.content
        assert "Accept-Language" not in response.get("Vary", "")
        assert not response.has_header("Content-Language")

    def test_the_api_refuses_in_english(self, client):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
        problem = client.get("/api/v1/meetings/?undated=perhaps", headers={"Accept-Language": "vi"})
        assert problem.json()["errors"][0]["detail"] == "Write true or false."

    def test_the_desk_keeps_the_language_that_was_chosen(self, analyst):
        analyst.post("/i18n/setlang/", {"language": "vi", "next": "/admin/"})
        assert '<html lang="vi"' in analyst.get("/admin/").content.decode()


class TestCaches:
    @pytest.mark.parametrize("page", [*PAGES, *FIXED])
    def test_nobody_is_told_apart(self, client, eighth, page):
        response = client.get(f"/en/{page}")
        assert response.status_code == 200
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "csrf" not in response.content.decode().lower()
        assert not Session.objects.exists()
        fixed = "public, max-age=31536000, immutable"
        fresh = "public, max-age=0, must-revalidate"
        assert response["Cache-Control"] == (fixed if page in FIXED else fresh)

    @pytest.mark.parametrize("page", [*PAGES, *FIXED])
    def test_who_has_a_page_is_told_so_before_a_record_is_read(
        self, client, eighth, page, django_assert_max_num_queries
    ):
        etag = client.get(f"/en/{page}")["ETag"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
        # The ledger's head; where the past is asked about, also whether somebody is publishing.
        with django_assert_max_num_queries(4 if "as_of" in page else 1) as queries:
            response = client.get(f"/en/{page}", headers={"If-None-Match": etag})
        assert not any('"body"' in query["sql"] for query in queries.captured_queries)
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == etag
        assert response["Cache-Control"]

    @pytest.mark.parametrize("page", ["", "search/", "meetings/eighth/", "feeds/changes.atom"])
    def test_a_publication_changes_the_etag(self, client, eighth, page):
        before = client.get(f"/en/{page}")["ETag"]
        publish(meeting("ninth"))
        assert client.get(f"/en/{page}")["ETag"] != before

    def test_the_past_keeps_its_etag(self, client, eighth):
        moment = Publication.objects.latest("sequence").published_at.isoformat()
        page = f"/en/meetings/eighth/?as_of={moment.replace('+00:00', 'Z')}"
        before = client.get(page)
        publish(meeting("ninth"))
        after = client.get(page)
        assert (before["ETag"], before.content) == (after["ETag"], after.content)

    def test_each_language_and_question_has_its_own(self, client, eighth):
        pages = ("/en/", "/vi/", "/en/search/", "/en/search/?country=VN", "/en/search/?country=JP")
        assert len({client.get(page)["ETag"] for page in pages}) == len(pages)

    def test_what_is_overdue_is_another_answer_each_day(self, client, eighth, monkeypatch):
        before = client.get("/en/search/?overdue=true")["ETag"]
        later = datetime.fromisoformat("2199-01-01T00:00:00Z")
        monkeypatch.setattr("agreements.pages.page.timezone.now", lambda: later)
        assert client.get("/en/search/?overdue=true")["ETag"] != before

    def test_a_head_request_is_answered_as_the_page_is(self, client, eighth):
        page, head = client.get("/en/meetings/eighth/"), client.head("/en/meetings/eighth/")
        assert (head.status_code, head.content) == (200, b"")
        assert head["ETag"] == page["ETag"]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_nothing_is_taken(self, client, eighth, method):
        for page in ("", "search/", "meetings/eighth/", "feeds/changes.atom"):
            response = getattr(client, method)(f"/en/{page}")
            assert response.status_code == 405
            assert response["Allow"] == "GET, HEAD, OPTIONS"

    def test_an_answer_that_refuses_is_not_kept_unasked(self, client, eighth):
        for page, status in (("search/?kind=x", 400), ("meetings/never/", 404)):
            response = client.get(f"/en/{page}")
            assert response.status_code == status
            assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def feed(client, path, **query):
    response = client.get(f"/en/{path}", query)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def told(tree, name):
    return [each.text for each in tree.findall(f"a:entry/a:{name}", ATOM)]


class TestFeeds:
    @pytest.fixture
    def history(self, eighth):
        eighth.summary = "They met in Hanoi."
        eighth.save()
        publish(eighth)
        ninth, double = meeting("ninth"), meeting("double")
        publish(ninth, double)
        workflow.withdraw(builders.reload(ninth), "reviewer", "The source took it back.")
        workflow.withdraw(
            builders.reload(double),
            "reviewer",
            "Reported twice.",
            successor=builders.reload(eighth),
        )

    def test_tell_of_whatever_happened_the_newest_first(self, client, history):
        titles = told(feed(client, "feeds/changes.atom", kind="meeting"), "title")
        assert titles[:2] == [
            "Meeting merged into another record: Double",
            "Meeting withdrawn: Ninth",
        ]
        assert set(titles[2:4]) == {"Meeting published: Double", "Meeting published: Ninth"}
        assert titles[4:] == ["Meeting revised: Eighth", "Meeting published: Eighth"]
        summaries = told(feed(client, "feeds/changes.atom", kind="meeting"), "summary")
        assert summaries[:2] == ["Reported twice.", "The source took it back."]
        assert "Changed: summary." in summaries
        assert "December 2023. They met &amp; agreed." in summaries

    def test_are_the_rows_that_the_api_gives_for_the_same_question(self, client, history):
        for query in (
            {"country": "JP"},
            {"kind": "force"},
            {"force": "vietnam-coast-guard", "kind": "meeting"},
            {"q": "ninth"},
            {"status": "held", "date_from": "2023"},
            {"document": "news-report"},
        ):
            entries = told(feed(client, "feeds/changes.atom", **query), "updated")
            rows = get(client, "changes/", **query)["results"]
            assert rows
            times = [datetime.fromisoformat(row["published_at"]) for row in reversed(rows)]
            assert [datetime.fromisoformat(each) for each in entries] == times

    def test_a_record_has_one_of_its_own(self, client, history):
        tree = feed(client, "meetings/ninth/feed.atom")
        assert told(tree, "title") == ["Meeting withdrawn: Ninth", "Meeting published: Ninth"]
        shown = client.get("/en/meetings/eighth/").content.decode()
        link = re.search(r'type="application/atom\+xml" title="[^"]+" href="([^"]+)"', shown)[1]
        assert link == "/en/meetings/eighth/feed.atom"

    def test_entries_keep_their_ids_and_times(self, client, history):
        first = feed(client, "feeds/changes.atom")
        publish(meeting("tenth"))
        then = feed(client, "feeds/changes.atom")
        for name in ("id", "updated", "title"):
            assert told(then, name)[1:] == told(first, name)
        ids = told(then, "id")
        assert len(set(ids)) == len(ids)
        assert all(each.startswith("tag:testserver,") for each in ids)
        vietnamese = ElementTree.fromstring(client.get("/vi/feeds/changes.atom").content)
        assert told(vietnamese, "id") == ids

    def test_hold_what_no_xml_can_write(self, client):
        """Characters that are none, of a record that came by another way than the desk's forms."""
        odd = meeting("odd", title="Bell \x07 and escape \x1b", summary="Half \x0b a line")
        publish(odd)
        for page in ("feeds/changes.atom", "meetings/odd/feed.atom"):
            (title,) = (each for each in told(feed(client, page), "title") if "Bell" in each)
            assert "Bell \ufffd and escape \ufffd" in title

    def test_say_what_atom_asks_for(self, client, history):
        tree = feed(client, "feeds/changes.atom", country="VN")
        for name in ("id", "title", "updated", "author/a:name"):
            assert tree.find(f"a:{name}", ATOM).text
        links = {each.get("rel"): each.get("href") for each in tree.findall("a:link", ATOM)}
        assert links["self"] == "http://testserver/en/feeds/changes.atom?country=VN"
        assert client.get(links["alternate"]).status_code == 200
        newest = Publication.objects.latest("sequence").published_at
        assert tree.find("a:updated", ATOM).text[:19] == newest.isoformat()[:19]
        for each in tree.findall("a:entry/a:link", ATOM):
            assert client.get(each.get("href")).status_code in (200, 410)

    def test_an_empty_one_is_the_same_whenever_it_is_asked_for(self, client, eighth):
        one, other = (client.get("/en/feeds/changes.atom?q=nothing") for _ in range(2))
        assert one.content == other.content
        assert b"<entry>" not in one.content

    @pytest.mark.parametrize("query", ["colour=red", "kind=treaty", "date_from=2023-13", "as_of=x"])
    def test_refuse_what_lists_refuse(self, client, query):
        assert client.get(f"/en/feeds/changes.atom?{query}").status_code == 400


class TestCiting:
    @pytest.fixture
    def odd(self):
        record = meeting("odd-title", title="100% & {more}_#1 ~ \\ “Đà Nẵng”")
        return publish(record)[-1]

    def test_names_a_revision_at_the_address_that_keeps_it(self, client, odd):
        item = json.loads(client.get("/en/meetings/odd-title/cite.json").content)[0]
        assert item["URL"] == "http://testserver/meetings/odd-title/revisions/1/"
        assert item["title"] == f"{odd.title} (meeting)"
        assert odd.sha256 in item["note"]
        assert item["issued"]["date-parts"][0][0] == odd.published_at.year
        page = client.get(item["URL"], follow=True)
        assert page.status_code == 200
        assert item["URL"] in client.get("/en/meetings/odd-title/cite/").content.decode()

    def test_bibtex_holds_no_sign_that_it_reads_otherwise(self, client, odd):
        response = client.get("/en/meetings/odd-title/cite.bib")
        text = response.content.decode()
        assert text.startswith("@misc{meeting-odd-title-r1,\n")
        title = re.search(r"title = \{(.*)\},", text)[1]
        assert title == (
            r"{100\% \& \{more\}\_\#1 \textasciitilde{} \textbackslash{} “Đà Nẵng” (meeting)}"
        )
        assert 'filename="meeting-odd-title-r1.bib"' in response["Content-Disposition"]

    def test_ris_is_a_line_for_each_value(self, client, odd):
        text = client.get("/en/meetings/odd-title/revisions/1/cite.ris").content.decode()
        lines = text.split("\r\n")
        assert lines[0] == "TY  - DATA"
        assert lines[-2:] == ["ER  - ", ""]
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
        assert f"TI  - {odd.title} (meeting)" in lines

    def test_the_data_set_is_named_by_the_last_row_of_its_ledger(self, client, odd):
        item = json.loads(client.get("/en/cite.json").content)[0]
        last = Publication.objects.latest("sequence")
        assert last.sha256 in item["note"]
        page = client.get(item["URL"], follow=True)
        assert page.redirect_chain[0][0].startswith("/en/?as_of=")
        assert page.status_code == 200


class Marks(HTMLParser):
    """The marks of a page: what is opened and closed, and under which ids."""

    VOID = frozenset({"meta", "link", "img", "input", "br"})
    # Each of these ends a paragraph that is open, so that its own end would be one too many.
    BLOCKS = frozenset({"p", "ul", "ol", "dl", "div", "section", "table", "h1", "h2", "h3", "h4"})

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.faults, self.seen = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names) or {"style", "onclick"} & set(names):
            self.faults.append(self.get_starttag_text())
        if ("p" in self.open and tag in self.BLOCKS) or (tag == "a" and "a" in self.open):
            self.faults.append(f"{tag} within {self.open}")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"/{tag} at {self.getpos()}")


class TestMarks:
    @pytest.mark.parametrize("page", [each for each in PAGES + FIXED if "." not in each])
    def test_are_paired_and_ids_are_given_once(self, client, eighth, page):
        response = client.get(f"/en/{page}")
        marks = Marks()
        marks.feed(response.content.decode())
        marks.close()
        assert (marks.faults, marks.open) == ([], [])
        assert sorted(set(marks.ids)) == sorted(marks.ids)
        for name in ("h1", "main", "title"):
            assert marks.seen.count(name) == 1
        assert not {"script", "style"} & set(marks.seen)


class TestCrawlers:
    def test_find_every_record_in_both_languages(self, client, eighth):
        robots = client.get("/robots.txt")
        assert robots["Content-Type"].startswith("text/plain")
        where = re.search(r"Sitemap: (\S+)", robots.content.decode())[1]
        response = client.get(where)
        text = response.content.decode()
        for language in ("en", "vi"):
            assert f"<loc>http://testserver/{language}/meetings/eighth/</loc>" in text
            assert f"<loc>http://testserver/{language}/countries/VN/</loc>" in text
        assert not response.has_header("Vary")
        assert client.get(where, headers={"If-None-Match": response["ETag"]}).status_code == 304

    def test_find_nothing_that_is_withdrawn(self, client, eighth):
        workflow.withdraw(builders.reload(eighth), "reviewer", "Withdrawn.")
        assert "eighth" not in client.get("/sitemap.xml").content.decode()
