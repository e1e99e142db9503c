"""Addresses of the read API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from agreements.api import counting, documentation, overview, releases, views

router = SimpleRouter()
for name, viewset in (
    ("countries", views.CountryViewSet),
    ("forces", views.ForceViewSet),
    ("agreements", views.AgreementViewSet),
    ("meetings", views.MeetingViewSet),
    ("exercises", views.ExerciseViewSet),
    ("engagements", views.EngagementViewSet),
    ("series", views.SeriesViewSet),
    ("topics", views.TopicViewSet),
    ("documents", views.DocumentViewSet),
    ("totals", views.TotalViewSet),
):
    router.register(name, viewset, basename=name)

VERSION = r"(?P<version>[0-9.]{1,20})"
FILE = r"(?P<file>[A-Za-z0-9._-]{1,100})"

urlpatterns = [
    path("", overview.RootView.as_view(), name="api-root"),
    path("changes/", overview.ChangesView.as_view(), name="changes"),
    path("stats/", counting.StatisticsView.as_view(), name="stats"),
    path("releases/", releases.ReleasesView.as_view(), name="releases"),
    path("releases/latest/", releases.LatestReleaseView.as_view(), name="latest-release"),
    re_path(rf"^releases/latest/{FILE}\Z", releases.LatestFileView.as_view(), name="latest-file"),
    re_path(rf"^releases/{VERSION}/\Z", releases.ReleaseView.as_view(), name="release"),
    re_path(
        rf"^releases/{VERSION}/{FILE}\Z", releases.ReleaseFileView.as_view(), name="release-file"
    ),
    path("schema/", documentation.SchemaView.as_view(), name="schema"),
    path("docs/", documentation.DocsView.as_view(url_name="schema"), name="docs"),
    path("", include(router.urls)),
    re_path("", overview.NothingHereView.as_view()),
]
