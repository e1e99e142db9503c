"""Agreements, meetings and exercises, and who took part in them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agreements import workflow
from agreements.admin.cells import in_cell
from agreements.admin.citations import CitationInline
from agreements.admin.deleting import DeletingAdmin, reason_of
from agreements.admin.filters import (
    FilteredList,
    KindStatusFilter,
    OwnChoiceFilter,
    OwnFlagFilter,
    RelationFilter,
    WhenFilter,
)
from agreements.admin.long_lists import WORDS_HELP, with_words
from agreements.admin.resembling import ResemblingAdmin
from agreements.admin.rows import RowFormSet, StrictInline
from agreements.admin.strict import StrictAdmin, choices_with_blank
from agreements.history import Way
from agreements.models import (
    STATUSES,
    Agreement,
    Delegate,
    Engagement,
    EngagementKind,
    EngagementLink,
    EngagementTopic,
    Exercise,
    ForceName,
    Meeting,
    Participant,
)


def page_of(engagement: Engagement) -> str:
    """Return the address of the page on which an engagement is edited."""
    return reverse(f"admin:agreements_{engagement.kind}_change", args=[engagement.pk])


class ParticipantFormSet(RowFormSet):
    """The sides of one record, each named once."""

    def clean(self) -> None:
        super().clean()
        # Formsets do not compare rows by constraints with a condition.
        seen = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if not values.get("country") or values.get("force") or values.get("DELETE"):
                continue
            side = (values["country"], values.get("role"))
            if side in seen:
                form.add_error("country", _("This country is named twice in this role."))
            seen.add(side)


class ParticipantInline(StrictInline):
    """Who took part; delegates are on the participant's own page."""

    model = Participant
    formset = ParticipantFormSet
    autocomplete_fields = ["country", "force"]
    fields = [("country", "force", "role")]
    show_change_link = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("country", "force")


class TopicInline(StrictInline):
    """What it is about."""

    model = EngagementTopic
    autocomplete_fields = ["topic"]
    verbose_name = _("topic")
    verbose_name_plural = _("topics")
    fields = ["topic"]


class LinkFormSet(RowFormSet):
    """The links of one record, none of them to itself."""

    def clean(self) -> None:
        super().clean()
        # Django cannot check a constraint that compares two foreign keys.
        for form in self.forms:
            target = getattr(form, "cleaned_data", {}).get("target")
            if target is not None and target.pk == self.instance.pk:
                form.add_error("target", _("A record cannot be linked to itself."))


class LinkInline(StrictInline):
    """How it stands to other records."""

    model = EngagementLink
    formset = LinkFormSet
    fk_name = "source"
    autocomplete_fields = ["target"]
    fields = [("relation", "target")]


class KindAdmin(ResemblingAdmin):
    """What the pages of the three kinds share."""

    autocomplete_fields = ["series", "location_country"]
    inlines = [ParticipantInline, TopicInline, LinkInline, CitationInline]
    list_select_related = ["series"]
    search_fields = ["title", "slug", "participants__force__names__text"]
    long_search_help = WORDS_HELP
    ordering = ["-date_earliest", "slug"]
    long_orders = {
        "title": ["title", "pk"],
        "day": ["date_earliest", "-slug"],
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        # By the kind, which leads the indexes of lists, though its own table has no other.
        rows = super().get_queryset(request).filter(kind=self.model.RECORD_KIND)
        return rows.prefetch_related("participants__force", "participants__country")

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        named = ForceName.objects.all()
        for word in words:
            named = named.filter(text__icontains=word)
        sides = Participant.objects.filter(force__in=list(named.values_list("force", flat=True)))
        return with_words(request, queryset, Engagement, words, also=sides.order_by())

    @admin.display(description=_("date"), ordering="date_earliest")
    def day(self, engagement: Engagement) -> SafeString:
        """Return its date, as far as that is known."""
        return in_cell(engagement.date)

    @admin.display(description=_("participants"))
    def sides(self, engagement: Engagement) -> str:
        """Return who took part, by force where it is known."""
        rows = engagement.participants.all()
        return ", ".join(str(row.force or row.country) for row in rows)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "status":
            allowed = STATUSES[EngagementKind(self.model.RECORD_KIND)]
            kwargs["choices"] = choices_with_blank(allowed.choices)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # The row of the spine is a part of the same record, and not deleted on its own.
        lacking.discard(Engagement._meta.verbose_name)
        return listed, counts, lacking, protected


@admin.register(Agreement)
class AgreementAdmin(KindAdmin):
    """Instruments, from treaties to letters of intent."""

    fieldsets = [
        (
            _("What it is"),
            {
                "fields": [
                    "title",
                    "slug",
                    "title_as_given",
                    ("instrument", "ambit"),
                    ("status", "binding", "identified"),
                ]
            },
        ),
        (
            _("When and where"),
            {
                "fields": [
                    "date",
                    ("entered_into_force", "terminated"),
                    ("location_name", "location_country"),
                ]
            },
        ),
        (_("What was agreed"), {"fields": ["summary"]}),
        (_("Its series"), {"fields": [("series", "ordinal")]}),
    ]
    list_display = ["title", "day", "sides", "status", "review_state", "instrument"]
    list_filter = [
        "review_state",
        ("status", KindStatusFilter),
        WhenFilter,
        ("instrument", OwnChoiceFilter),
        ("identified", OwnFlagFilter),
        ("participants__country", RelationFilter),
        ("participants__force", RelationFilter),
        ("topics", RelationFilter),
    ]


@admin.register(Meeting)
class MeetingAdmin(KindAdmin):
    """Talks, visits, conferences and calls."""

    fieldsets = [
        (
            _("What it is"),
            {"fields": ["title", "slug", ("status", "level", "modality")]},
        ),
        (_("When and where"), {"fields": ["date", ("location_name", "location_country")]}),
        (_("What was said and agreed"), {"fields": ["summary", "outcomes"]}),
        (_("Its series"), {"fields": [("series", "ordinal")]}),
    ]
    list_display = ["title", "day", "sides", "status", "review_state", "level"]
    list_filter = [
        "review_state",
        ("status", KindStatusFilter),
        WhenFilter,
        ("level", OwnChoiceFilter),
        ("participants__country", RelationFilter),
        ("participants__force", RelationFilter),
        ("topics", RelationFilter),
        ("series", RelationFilter),
    ]


@admin.register(Exercise)
class ExerciseAdmin(KindAdmin):
    """Patrols, drills, visits, courses and deployments."""

    fieldsets = [
        (
            _("What it is"),
            {"fields": ["title", "slug", ("activity", "status"), "count_stated"]},
        ),
        (_("When and where"), {"fields": ["date", "area", ("location_name", "location_country")]}),
        (_("What was done"), {"fields": ["summary", "vessels"]}),
        (_("Its series"), {"fields": [("series", "ordinal")]}),
    ]
    list_display = ["title", "day", "sides", "status", "review_state", "activity"]
    list_filter = [
        "review_state",
        ("status", KindStatusFilter),
        WhenFilter,
        ("activity", OwnChoiceFilter),
        ("participants__country", RelationFilter),
        ("participants__force", RelationFilter),
        ("topics", RelationFilter),
    ]


class Timeline(FilteredList):
    """Rows that lead to the page of their kind."""

    def url_for_result(self, result: Any) -> str:
        return page_of(result)


@admin.register(Engagement)
class EngagementAdmin(StrictAdmin):
    """The three kinds together, to read; each is edited on the page of its kind."""

    actions = None
    list_display = ["title", "kind", "status", "date_as_known", "review_state", "edited_by"]
    list_filter = [
        "kind",
        "review_state",
        WhenFilter,
        ("participants__country", RelationFilter),
        ("topics", RelationFilter),
    ]
    search_fields = ["title", "slug"]
    long_search_help = WORDS_HELP
    ordering = ["-date_earliest", "slug"]
    long_orders = {
        "date_as_known": ["date_earliest", "-slug"],
        "status": ["status", "-date_earliest", "slug"],
        "review_state": ["review_state", "-date_earliest", "slug"],
    }

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        return with_words(request, queryset, Engagement, words)

    @admin.display(description=_("date"), ordering="date_earliest")
    def date_as_known(self, engagement: Engagement) -> SafeString:
        """Return its date, as far as that is known."""
        return in_cell(engagement.date)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FilteredList]:
        return Timeline

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and self.has_view_permission(request, row):
            return Redirect(page_of(row))
        return super().changeform_view(request, object_id, form_url, extra_context)


class ParticipantForm(forms.ModelForm):
    """A participant of an engagement that is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In the form, though it cannot be changed, so that the constraints over it are checked.
        if "engagement" in self.fields:
            self.fields["engagement"].disabled = True
            self.fields["engagement"].widget = forms.HiddenInput()


class DelegateInline(StrictInline):
    """Who was in the delegation, with rank and position as held then."""

    model = Delegate
    autocomplete_fields = ["person"]
    fields = [("person", "role"), ("rank", "position")]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("person")


@admin.register(Participant)
class ParticipantAdmin(DeletingAdmin):
    """A side of a record with its delegates, reached from the record's page.

    What changes here is published with the record, so it counts as an edit of the record.
    """

    # On a list they would be deleted without a look at the records that they belong to.
    actions = None
    form = ParticipantForm
    autocomplete_fields = ["country", "force"]
    inlines = [DelegateInline]
    readonly_fields = ["record"]
    fields = ["record", ("country", "force", "role"), "engagement"]
    list_display = ["engagement", "country", "force", "role"]
    list_select_related = ["engagement", "country", "force"]
    search_fields = ["engagement__title", "engagement__slug"]
    long_search_help = WORDS_HELP

    def search_long(self, request: HttpRequest, queryset: QuerySet, words: list[str]) -> QuerySet:
        return with_words(request, queryset, Engagement, words, "engagement__")

    @admin.display(description=_("record"))
    def record(self, participant: Participant) -> SafeString:
        """Return a link to the page that this one belongs to."""
        engagement = participant.engagement
        return format_html('<a href="{}">{}</a>', page_of(engagement), engagement)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def record_of(self, obj: Participant) -> Engagement:
        return obj.engagement

    def delete_model(self, request: HttpRequest, obj: Participant) -> None:
        engagement = obj.engagement
        obj.delete()
        by = request.user.get_username()
        workflow.record_edit(engagement, by, Way.FORM, reason_of(request))

    def response_post_save_change(self, request: HttpRequest, obj: Participant) -> Redirect:
        return Redirect(page_of(obj.engagement))
