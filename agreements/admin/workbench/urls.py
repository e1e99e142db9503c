"""Where the workbench answers, below the list of documents."""

from collections.abc import Callable
from typing import Any

from django.urls import path

from agreements.admin.workbench import (
    delegates,
    documents,
    origin,
    passages,
    proposals,
    reading,
    records,
    replacing,
    views,
)

_VIEWS: tuple[tuple[str, str, Any], ...] = (
    ("", "text", views.TextPage),
    ("selection/", "selection", views.Offer),
    ("particulars/", "save_document", documents.SaveDocument),
    ("submit/", "submit_document", documents.SubmitDocument),
    ("origin/", "origin", origin.SetOrigin),
    ("replace/", "replace", replacing.ReplaceText),
    ("begin/", "begin", passages.Begin),
    ("proposals/", "proposals", proposals.Proposals),
    ("proposals/event/", "accept_event", proposals.AcceptEvent),
    ("passage/<str:passage>/move/", "move", passages.Move),
    ("record/", "no_record", views.RecordPage),
    ("record/<str:key>/", "record", views.RecordPage),
    ("record/<str:key>/save/", "save_record", records.Save),
    ("record/<str:key>/cite/", "cite", passages.Cite),
    ("record/<str:key>/accept/", "accept", proposals.Accept),
    ("record/<str:key>/cite-event/", "cite_event", proposals.CiteEvent),
    ("record/<str:key>/delegate/", "add_delegate", delegates.AddDelegate),
    ("record/<str:key>/delegate/<int:delegate>/", "delegate", delegates.OneDelegate),
    ("record/<str:key>/use/", "use_value", passages.UseValue),
    ("record/<str:key>/side/", "add_side", records.AddSide),
    ("record/<str:key>/side/<int:side>/", "side", records.Side),
    ("record/<str:key>/topic/", "topic", records.Topics),
    ("record/<str:key>/force/", "force", passages.MakeForce),
    ("record/<str:key>/citation/<int:citation>/", "citation", passages.ChangeCitation),
    ("record/<str:key>/undo/", "undo", records.Undo),
    ("record/<str:key>/discard/", "discard", records.Discard),
    ("record/<str:key>/hand-over/", "hand_over", records.HandOver),
    ("record/<str:key>/submit/", "submit_record", records.Submit),
)


def urls(wrap: Callable[[Any], Any]) -> list[Any]:
    """Return the addresses of the workbench, each view wrapped as the admin wraps its own."""
    below = "<int:document>/text/"
    return [
        path("read/", wrap(reading.ReadDocument.as_view()), name="agreements_document_read"),
        path("read/propose/", wrap(reading.Propose.as_view()), name="agreements_document_propose"),
        path("read/find/", wrap(views.Find.as_view()), name="agreements_document_find"),
    ] + [
        path(f"{below}{route}", wrap(view.as_view()), name=f"agreements_document_{name}")
        for route, name, view in _VIEWS
    ]
