"""Addresses of the public pages, below the language of their reader."""

from django.urls import path, register_converter

from agreements.pages import changes, citing, front, lists, pairs, pictures, records, released
from agreements.pages.converters import (
    CodeConverter,
    FileConverter,
    FormConverter,
    KeyConverter,
    KindConverter,
)

register_converter(KindConverter, "kind")
register_converter(KeyConverter, "key")
register_converter(CodeConverter, "code")
register_converter(FormConverter, "form")
register_converter(FileConverter, "file")

_RECORD = "<kind:kind>/<key:key>/"
_REVISION = f"{_RECORD}revisions/<int:revision>/"

app_name = "pages"
urlpatterns = [
    path("", front.HomePage.as_view(), name="home"),
    path("search/", lists.ListPage.as_view(), name="search"),
    path("changes/", changes.ChangesPage.as_view(), name="changes"),
    path("cite/", citing.CitePage.as_view(), name="cite"),
    path("cite.<form:form>", citing.CitePage.as_view(), name="cite-file"),
    path("releases/", released.ReleasesPage.as_view(), name="releases"),
    path("feeds/changes.atom", changes.ChangesFeed.as_view(), name="feed"),
    path("countries/<code:one>/<code:other>/", pairs.PairPage.as_view(), name="pair"),
    *pictures.routes(),
    path("<kind:kind>/", lists.ListPage.as_view(), name="list"),
    path(_RECORD, records.RecordPage.as_view(), name="record"),
    path(f"{_RECORD}cite/", citing.CitedRecord.as_view(), name="record-cite"),
    path(f"{_RECORD}cite.<form:form>", citing.CitedRecord.as_view(), name="record-cite-file"),
    path(f"{_RECORD}feed.atom", changes.RecordFeed.as_view(), name="record-feed"),
    path(f"{_RECORD}revisions/", records.RevisionsPage.as_view(), name="revisions"),
    path(_REVISION, records.RevisionPage.as_view(), name="revision"),
    path(f"{_REVISION}cite/", citing.CitedRevision.as_view(), name="revision-cite"),
    path(f"{_REVISION}cite.<form:form>", citing.CitedRevision.as_view(), name="revision-cite-file"),
]
