"""The linked data of a release, as a reader of RDF expands it."""

import json

import pytest
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

from agreements import workflow
from agreements.models import Series
from tests import builders
from tests.builders import approved, publish, reload
from tests.public import LISTS
from tests.released import lines, released, releases_in
from tests.test_ledger import publish_again

pytestmark = pytest.mark.django_db
SCHEMA, PROV = Namespace("https://schema.org/"), Namespace("http://www.w3.org/ns/prov#")
API = Namespace("https://example.org/api/v1/")


def expanded(folder) -> Graph:
    """What the file says, read where the release is served."""
    address = API[f"releases/{folder.name}/records.jsonld"]
    return Graph().parse(folder / "records.jsonld", format="json-ld", publicID=address)


@pytest.fixture(scope="class")
def shipped_release(shipped_for_class, tmp_path_factory):
    with releases_in(tmp_path_factory.mktemp("releases")):
        yield released()


class TestShipped:
    def test_names_every_record_by_its_address(self, shipped_release, client):
        graph = expanded(shipped_release)
        for kind, path in LISTS.items():
            for record in lines(shipped_release, path):
                key = record["code" if kind == "country" else "slug"]
                node = API[f"{path}/{key}/"]
                assert (node, RDF.type, PROV.Entity) in graph
                assert (node, SCHEMA.isPartOf, API["releases/1.0.0/"]) in graph
                assert client.get(node.removeprefix("https://example.org")).status_code == 200

    def test_has_no_blank_node_and_no_term_of_ours(self, shipped_release):
        graph = expanded(shipped_release)
        assert not [node for triple in graph for node in triple if isinstance(node, BNode)]
        terms = {str(term) for term in graph.predicates()}
        known = tuple(str(each[""]) for each in (SCHEMA, PROV, Namespace(str(RDF))))
        assert {term for term in terms if not term.startswith(known)} == set()

    def test_derives_each_record_from_the_documents_that_it_cites(self, shipped_release):
        graph = expanded(shipped_release)
        for path in ("agreements", "meetings", "exercises", "forces", "series"):
            for record in lines(shipped_release, path):
                sources = {
                    API[f"documents/{each['document']['slug']}/"] for each in record["citations"]
                }
                derived = set(graph.objects(API[f"{path}/{record['slug']}/"], PROV.wasDerivedFrom))
                assert sources <= derived
                assert len(
                    list(graph.objects(API[f"{path}/{record['slug']}/"], SCHEMA.citation))
                ) == len(record["citations"])

    def test_names_no_host(self, shipped_release):
        text = (shipped_release / "records.jsonld").read_text(encoding="utf-8")
        assert "localhost" not in text
        assert "testserver" not in text
        for node in json.loads(text)["@graph"]:
            assert "://" not in node["@id"]


class TestRecords:
    @pytest.fixture
    def graph(self, db, tmp_path):
        run = Series.objects.create(slug="annual-talks", title="Annual talks")
        builders.cite(run, "title")
        talks = builders.meeting("talks", title="Talks", date="2015-09", series=run)
        builders.cite(talks, "date", quote="met in September 2015", locator="paragraph 3")
        builders.cite(talks, "series")
        publish(run, talks)
        publish_again(talks, title="Talks in Hanoi")
        with releases_in(tmp_path):
            released("1.0.0")
            publish(builders.meeting("later"))
            workflow.publish([approved(reload(talks))])
            yield expanded(released("1.1.0"))

    def test_are_events_with_who_took_part(self, graph):
        talks = API["meetings/talks/"]
        assert (talks, RDF.type, SCHEMA.Event) in graph
        assert (talks, SCHEMA.name, Literal("Talks in Hanoi")) in graph
        assert (talks, SCHEMA.temporalCoverage, Literal("2015-09")) in graph
        assert (talks, SCHEMA.superEvent, API["series/annual-talks/"]) in graph
        assert set(graph.objects(talks, SCHEMA.attendee)) == {
            API["forces/vietnam-coast-guard/"],
            API["forces/japan-coast-guard/"],
        }
        roles = {
            (graph.value(side, PROV.agent), graph.value(side, SCHEMA.roleName))
            for side in graph.objects(talks, PROV.qualifiedAttribution)
        }
        assert (API["forces/vietnam-coast-guard/"], Literal("host")) in roles

    def test_rest_on_passages(self, graph):
        passages = [
            passage
            for passage in graph.objects(API["meetings/talks/"], SCHEMA.citation)
            if (passage, SCHEMA.text, Literal("met in September 2015")) in graph
        ]
        assert len(passages) == 1
        assert (passages[0], RDF.type, SCHEMA.Quotation) in graph
        assert (passages[0], SCHEMA.position, Literal("paragraph 3")) in graph
        assert (passages[0], SCHEMA.isPartOf, API["documents/news-report/"]) in graph

    def test_are_revisions_of_what_they_were(self, graph):
        now, before = API["meetings/talks/revisions/2/"], API["meetings/talks/revisions/1/"]
        assert (now, PROV.wasRevisionOf, before) in graph
        assert (now, PROV.specializationOf, API["meetings/talks/"]) in graph

    def test_belong_to_a_release_that_follows_another(self, graph):
        release = API["releases/1.1.0/"]
        assert (release, RDF.type, SCHEMA.Dataset) in graph
        assert (release, PROV.wasRevisionOf, API["releases/1.0.0/"]) in graph
        licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
        assert (release, SCHEMA.license, licence) in graph

    def test_names_have_their_languages(self, graph):
        names = set(graph.objects(API["forces/vietnam-coast-guard/"], SCHEMA.alternateName))
        assert Literal("Cảnh sát biển Việt Nam", lang="vi") in names
