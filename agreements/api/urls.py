"""Addresses of the read API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from agreements.api import counting, documentation, overview, views

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

urlpatterns = [
    path("", overview.RootView.as_view(), name="api-root"),
    path("changes/", overview.ChangesView.as_view(), name="changes"),
    path("stats/", counting.StatisticsView.as_view(), name="stats"),
    path("schema/", documentation.SchemaView.as_view(), name="schema"),
    path("docs/", documentation.DocsView.as_view(url_name="schema"), name="docs"),
    path("", include(router.urls)),
    re_path("", overview.NothingHereView.as_view()),
]
