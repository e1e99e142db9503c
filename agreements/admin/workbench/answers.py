"""What the workbench answers to its scripts: the panel anew, the marked paragraphs, and a word."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import get_template, render_to_string

from agreements.admin.workbench.forms import RecordForm
from agreements.admin.workbench.panel import Notice, Panel
from agreements.desk.cited import CitedText, key_of
from agreements.desk.passages import Segment
from agreements.models import Document
from agreements.presence import note_presence

_STATUS = {"refused": HTTPStatus.BAD_REQUEST, "conflict": HTTPStatus.CONFLICT}


@dataclass
class Answer:
    """What came of a request: the record to work on now, and what to say, show and focus.

    `show` and `focus` are ids of elements of the panel; `context` is for its templates.
    """

    record: Any = None
    notice: Notice = field(default_factory=Notice)
    show: str = ""
    focus: str = ""
    form: RecordForm | None = None
    document_form: RecordForm | None = None
    context: dict[str, Any] = field(default_factory=dict)

    def response(self, request: HttpRequest, document: Document) -> JsonResponse:
        """Return it as JSON.

        `{"panel": html, "marks": {number: html}, "said", "tone", "show", "focus", "record"}`, where
        `marks` has each paragraph from which anything is cited.
        """
        if self.record is not None:
            note_presence(request.user, self.record)
        document.refresh_from_db()
        cited = CitedText(document)
        panel = Panel(cited, request.user, self.record, self.form, self.document_form)
        current = key_of(self.record) if self.record is not None else ""
        context = {"panel": panel, "notice": self.notice, **self.context}
        return JsonResponse(
            {
                "panel": render_to_string(
                    "admin/agreements/workbench/panel.html", context, request=request
                ),
                "marks": marks(cited, current),
                "said": self.notice.text,
                "tone": self.notice.tone,
                "show": self.show,
                "focus": self.focus,
                "record": current,
            },
            status=_STATUS.get(self.notice.tone, HTTPStatus.OK),
        )


def marks(cited: CitedText, current: str) -> dict[int, str]:
    """Return the HTML within each paragraph from which anything is cited."""
    template = get_template("admin/agreements/workbench/segments.html")
    return {
        number: template.render({"segments": [Marked(each, cited, current) for each in found]})
        for number, found in cited.marked()
    }


class Marked:
    """Some words of the text as the page shows them, and the records that they lead to.

    Where several records cite them, they lead to the one that is worked on, else to the first.
    """

    def __init__(self, segment: Segment, cited: CitedText, current: str):
        self.text, self.passages = segment.text, segment.passages
        self.beginning = segment.beginning
        passages = [cited.every[name] for name in segment.passages]
        keys = [key_of(each.target) for each in passages]
        self.records = list(dict.fromkeys(keys))
        self.is_current = current in keys
        chosen = keys.index(current) if self.is_current else 0
        self.record = keys[chosen] if keys else ""
        self.passage = passages[chosen].name if passages else ""
        self.hint = "; ".join(each.hint for each in passages)
