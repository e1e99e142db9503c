import datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.admin.options import ModelAdmin
from django.contrib.admin.sites import AdminSite
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps
from django.urls import path
from django.utils import translation

from agreements.date_fields import DateBoundField, PartialDateField
from agreements.date_forms import PartialDateInput, interpret
from agreements.date_words import describe
from agreements.dates import PartialDate

urlpatterns = [path("dates/interpret/", interpret, name="interpret-date")]

# Models of their own, so that these tests know nothing of the desk's.
with isolate_apps():

    class Meeting(models.Model):
        title = models.CharField(max_length=50, default="Talks")
        date = PartialDateField(null=True, blank=True)
        date_earliest = DateBoundField("date", "earliest")
        date_latest = DateBoundField("date", "latest")

        class Meta:
            app_label = "calendar"

    class Summit(Meeting):
        host = models.CharField(max_length=50, default="Vietnam")

        class Meta:
            app_label = "calendar"

    class MeetingOnList(Meeting):
        class Meta:
            app_label = "calendar"
            proxy = True


@pytest.fixture(scope="module", autouse=True)
def _tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Meeting)
        editor.create_model(Summit)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(Summit)
        editor.delete_model(Meeting)


def day(text):
    return datetime.date.fromisoformat(text)


def stored(meeting):
    return Meeting.objects.values_list("date", "date_earliest", "date_latest").get(pk=meeting.pk)


SEPTEMBER = (PartialDate("2015-09"), day("2015-09-01"), day("2015-09-30"))
YEAR_2016 = (PartialDate("2016"), day("2016-01-01"), day("2016-12-31"))


class TestAssignment:
    def test_text_becomes_a_date_with_bounds_at_once(self):
        meeting = Meeting(date="2015-09")
        assert (meeting.date, meeting.date_earliest, meeting.date_latest) == SEPTEMBER

        meeting.date = PartialDate("2016")
        assert (meeting.date, meeting.date_earliest, meeting.date_latest) == YEAR_2016

        meeting.date = ""
        assert (meeting.date, meeting.date_earliest, meeting.date_latest) == (None, None, None)

    def test_an_assigned_bound_is_ignored(self):
        meeting = Meeting(date="2015-09", date_earliest=day("1999-01-01"))
        meeting.date_latest = day("2099-01-01")
        assert (meeting.date, meeting.date_earliest, meeting.date_latest) == SEPTEMBER

    def test_text_that_is_no_date_is_kept_until_it_is_cleaned(self):
        meeting = Meeting(date="2023-2-1")
        assert meeting.date == "2023-2-1"
        assert meeting.date_earliest is None

        with pytest.raises(ValidationError) as refusal:
            meeting.full_clean()

        assert refusal.value.message_dict == {
            "date": ["2023-2-1 is not a date in EDTF; did you mean 2023-02-01?"]
        }

    def test_validators_see_the_text(self):
        field = PartialDateField(validators=[MaxLengthValidator(4)])
        assert field.clean("2015", None) == PartialDate("2015")
        with pytest.raises(ValidationError, match="at most 4"):
            field.clean("2015-09", None)


@pytest.mark.django_db
class TestDatabase:
    def test_a_saved_date_comes_back_with_its_bounds(self):
        meeting = Meeting.objects.create(date="2015-09")

        assert stored(meeting) == SEPTEMBER
        meeting.refresh_from_db()
        assert (meeting.date, meeting.date_earliest, meeting.date_latest) == SEPTEMBER

    def test_no_date_is_null(self):
        meeting = Meeting.objects.create(date="")
        assert stored(meeting) == (None, None, None)
        assert Meeting.objects.filter(date__isnull=True, date_earliest__isnull=True).exists()

    def test_a_bad_date_is_not_saved(self):
        with pytest.raises(ValidationError), transaction.atomic():
            Meeting.objects.create(date="2015-9")
        with pytest.raises(ValidationError), transaction.atomic():
            Meeting.objects.bulk_create([Meeting(date="2015-9")])
        with pytest.raises(ValidationError), transaction.atomic():
            Meeting.objects.update(date="2015-9")
        assert not Meeting.objects.exists()

    def test_bulk_create_computes_bounds(self):
        Meeting.objects.bulk_create([Meeting(date="2015-09", date_latest=day("2099-01-01"))])
        assert stored(Meeting.objects.get()) == SEPTEMBER

    def test_bulk_update_of_date_and_bounds_keeps_them_together(self):
        meeting = Meeting.objects.create(date="2016")
        meeting.date = "2015-09"
        Meeting.objects.bulk_update([meeting], ["date", "date_earliest", "date_latest"])
        assert stored(meeting) == SEPTEMBER

    def test_lookups_take_text_and_dates(self):
        meeting = Meeting.objects.create(date="2015-09")
        Meeting.objects.create(date="2016")

        assert Meeting.objects.get(date="2015-09") == meeting
        assert Meeting.objects.get(date=PartialDate("2015-09")) == meeting
        assert Meeting.objects.get(date__in=["2015-09", PartialDate("1999")]) == meeting
        assert Meeting.objects.get(date__startswith="2015") == meeting
        assert Meeting.objects.get(date_latest__lt=day("2016-01-01")) == meeting
        with pytest.raises(ValidationError):
            Meeting.objects.filter(date="2015-9").exists()

    def test_update_takes_text(self):
        meeting = Meeting.objects.create(date="2016")
        Meeting.objects.update(date="2015-09")
        assert stored(meeting)[0] == PartialDate("2015-09")

    def test_a_deferred_date_is_loaded_for_its_bounds(self, django_assert_num_queries):
        Meeting.objects.create(date="2015-09")
        meeting = Meeting.objects.defer("date").get()

        with django_assert_num_queries(1):
            assert (meeting.date_earliest, meeting.date_latest) == SEPTEMBER[1:]
        with django_assert_num_queries(0):
            assert meeting.date == SEPTEMBER[0]

    def test_bounds_need_no_query_once_the_date_is_loaded(self, django_assert_num_queries):
        Meeting.objects.create(date="2015-09")
        meeting = Meeting.objects.only("date").get()

        with django_assert_num_queries(0):
            assert (meeting.date, meeting.date_earliest, meeting.date_latest) == SEPTEMBER

    @pytest.mark.parametrize("loaded", [["date"], ["title"], ["date_latest"], ["title", "date"]])
    def test_saving_a_partly_loaded_instance_keeps_bounds_in_step(self, loaded):
        Meeting.objects.create(date="2016")
        meeting = Meeting.objects.only(*loaded).get()
        meeting.date = "2015-09"
        meeting.save()
        assert stored(meeting) == SEPTEMBER

    def test_update_fields_with_half_a_date_are_refused(self):
        meeting = Meeting.objects.create(date="2016")
        listed = MeetingOnList.objects.get()
        meeting.date = listed.date = "2015-09"

        for instance in (meeting, listed):
            for half in (["date"], ["date", "date_earliest"], ["date_latest"]):
                with pytest.raises(ValueError, match="'date' and 'date_"):
                    instance.save(update_fields=half)
        meeting.save(update_fields=["title"])
        assert stored(meeting) == YEAR_2016
        meeting.save(update_fields=["date", "date_earliest", "date_latest"])
        assert stored(meeting) == SEPTEMBER

    def test_update_or_create_saves_date_and_bounds_together(self):
        meeting = Meeting.objects.create(date="2016")
        Meeting.objects.update_or_create(pk=meeting.pk, defaults={"title": "Drills"})
        assert stored(meeting) == YEAR_2016
        Meeting.objects.update_or_create(pk=meeting.pk, defaults={"date": "2015-09"})
        assert stored(meeting) == SEPTEMBER

    def test_children_inherit_date_and_bounds(self):
        summit = Summit.objects.create(date="2015-09")
        assert stored(summit) == SEPTEMBER
        loaded = Summit.objects.only("host").get()
        assert loaded.date_latest == SEPTEMBER[2]

    def test_a_row_edited_by_hand_can_still_be_read_and_mended(self):
        meeting = Meeting.objects.create(date="2016")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE calendar_meeting SET date = 'soon'")

        meeting = Meeting.objects.get()
        assert (meeting.date, meeting.date_earliest) == ("soon", None)
        with pytest.raises(ValidationError), transaction.atomic():
            meeting.save()
        meeting.date = "2015-09"
        meeting.save()
        assert stored(meeting) == SEPTEMBER


@pytest.mark.django_db
class TestFixtures:
    @pytest.fixture(autouse=True)
    def _find_model(self, monkeypatch):
        registry = SimpleNamespace(get_model=lambda identifier: Meeting)
        monkeypatch.setattr("django.core.serializers.python.apps", registry)

    def test_a_dump_holds_the_text_without_bounds_and_loads_with_them(self):
        Meeting.objects.create(date="2015-09")
        Meeting.objects.create(date=None)
        dump = serializers.serialize("json", Meeting.objects.order_by("pk"))
        assert '"date": "2015-09"' in dump
        assert "earliest" not in dump
        Meeting.objects.all().delete()

        for item in serializers.deserialize("json", dump):
            item.save()

        assert [stored(m) for m in Meeting.objects.order_by("pk")] == [SEPTEMBER, (None,) * 3]

    def test_loading_over_a_row_renews_its_bounds(self):
        meeting = Meeting.objects.create(date="2016")
        row = {"model": "calendar.meeting", "pk": meeting.pk}
        fields = {"title": "Talks", "date": "2015-09", "date_earliest": "1999-01-01"}

        for item in serializers.deserialize("python", [{**row, "fields": fields}]):
            item.save()

        assert stored(meeting) == SEPTEMBER

    def test_a_bad_date_is_refused(self):
        row = {"model": "calendar.meeting", "pk": 1, "fields": {"date": "2015-9"}}
        with pytest.raises(DeserializationError, match="did you mean 2015-09"):
            list(serializers.deserialize("python", [row]))


class TestMigrations:
    def test_fields_survive_deconstruction(self):
        plain = DateBoundField("date", "latest")
        assert plain.deconstruct()[2:] == (["date", "latest"], {})

        unindexed = DateBoundField("date", "earliest", "first day", db_index=False)
        twin = unindexed.clone()
        assert twin.deconstruct() == unindexed.deconstruct()
        assert (twin.db_index, twin.null, twin.verbose_name) == (False, True, "first day")
        assert PartialDateField(null=True).clone().max_length == 64

    def test_a_written_migration_differs_in_nothing_from_the_model(self):
        now, then = ProjectState(), ProjectState()
        now.add_model(ModelState.from_model(Meeting))
        fields = []
        for name, field in now.models["calendar", "meeting"].fields.items():
            written, imports = MigrationWriter.serialize(field)
            scope = {"models": models}
            exec("\n".join(imports), scope)
            fields.append((name, eval(written, scope)))
        then.add_model(ModelState("calendar", "Meeting", fields))

        assert MigrationAutodetector(then, now)._detect_changes() == {}

    @pytest.mark.django_db
    def test_historical_models_compute_bounds(self):
        state = ProjectState()
        state.add_model(ModelState.from_model(Meeting))
        historical = state.apps.get_model("calendar", "Meeting")

        historical.objects.create(date="2015-09")

        assert stored(Meeting.objects.get()) == SEPTEMBER

    def test_checks_and_arguments(self):
        with pytest.raises(ValueError, match="'middle'"):
            DateBoundField("date", "middle")
        with isolate_apps():

            class Undated(models.Model):
                title_latest = DateBoundField("title", "latest")

                class Meta:
                    app_label = "calendar"

        assert [e.id for e in Undated._meta.get_field("title_latest").check()] == [
            "agreements.E001"
        ]
        assert Meeting._meta.get_field("date_latest").check() == []
        assert Summit._meta.get_field("date_latest").check() == []


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("2015-09", "September 2015: 1 to 30 September 2015"),
        ("2023-12-19", "19 December 2023"),
        ("2023-12-19/2023-12-22", "19 to 22 December 2023"),
        ("2023-11-29/2023-12-02", "29 November to 2 December 2023"),
        ("2023-12-30/2024-01-02", "30 December 2023 to 2 January 2024"),
        ("2021?-09-12", "12 September 2021, year uncertain"),
        ("2004-06~-11", "11 June 2004, year and month approximate"),
        ("1998?", "1998, uncertain: 1 January to 31 December 1998"),
        ("2024~", "about 2024: 1 January to 31 December 2024"),
        ("2004-06%", "about June 2004, uncertain: 1 to 30 June 2004"),
        ("201X", "a year from 2010 to 2019: 1 January 2010 to 31 December 2019"),
        ("2004-XX", "an unknown month of 2004: 1 January to 31 December 2004"),
        ("1985-04-XX", "an unknown day of April 1985: 1 to 30 April 1985"),
        ("1985-XX-XX", "an unknown day of 1985: 1 January to 31 December 1985"),
        ("2001-22", "summer 2001: 1 January 2001 to 28 February 2002"),
        ("1985-04-12T23:20:30Z", "12 April 1985 at 23:20:30Z"),
        ("XXXX-07", "July, year unknown: no bounds"),
        ("XXXX-07-24/XXXX-07-28", "24 to 28 July, year unknown: no bounds"),
        ("XXXX-12-30/XXXX-01-02", "30 December to 2 January, year unknown: no bounds"),
        ("-0044", "the year -0044: no bounds"),
        ("../2025", "until 2025: no first day, last day 31 December 2025"),
        ("/2025", "from an unknown day until 2025: no first day, last day 31 December 2025"),
        ("2025-03/..", "from March 2025 on: first day 1 March 2025, no last day"),
        ("2025/", "from 2025 until an unknown day: first day 1 January 2025, no last day"),
        ("2004/2005-02", "2004 to February 2005: 1 January 2004 to 28 February 2005"),
        (
            "1984~/2004-06",
            "from about 1984; to June 2004: 1 January 1984 to 30 June 2004",
        ),
    ],
)
def test_descriptions(text, description):
    with translation.override("en"):
        assert describe(PartialDate(text)) == description


def test_a_description_is_in_the_language_now_active():
    with translation.override("vi"):
        assert "Tháng 9" in describe(PartialDate("2015-09-12"))


class MeetingForm(forms.ModelForm):
    class Meta:
        model = Meeting
        fields = ["date"]


class Elements(HTMLParser):
    """The attributes of each element, by tag."""

    def __init__(self, html):
        super().__init__()
        self.found = {}
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.found[tag] = dict(attrs)


class TestForms:
    def test_input_is_stripped_and_becomes_a_date(self):
        form = MeetingForm({"date": "  2015-09 "})
        assert form.is_valid()
        assert form.cleaned_data["date"] == PartialDate("2015-09")
        assert form.instance.date_latest == SEPTEMBER[2]

    def test_an_empty_input_is_no_date(self):
        form = MeetingForm({"date": "  "})
        assert form.is_valid()
        assert form.cleaned_data["date"] is None

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("2023-2-1", "2023-2-1 is not a date in EDTF; did you mean 2023-02-01?"),
            ("2005/2004", "2005/2004 ends before it starts; did you mean 2004/2005?"),
            ("2015\x00", "Null characters are not allowed."),
            ("1" * 65, "Ensure this value has at most 64 characters (it has 65)."),
        ],
    )
    def test_a_refusal_says_what_would_be_accepted(self, text, message):
        assert MeetingForm({"date": text}).errors == {"date": [message]}

    def test_only_another_text_is_a_change(self):
        meeting = Meeting(date="2015-09")
        assert not MeetingForm({"date": " 2015-09"}, instance=meeting).has_changed()
        assert MeetingForm({"date": "2015"}, instance=meeting).has_changed()
        assert MeetingForm({"date": ""}, instance=meeting).has_changed()
        assert not MeetingForm({"date": ""}, instance=Meeting()).has_changed()

    @pytest.mark.urls(__name__)
    def test_the_input_is_described_by_a_live_reading(self):
        form = MeetingForm(instance=Meeting(date="2015-09"))
        form.fields["date"].help_text = "As far as it is known."
        elements = Elements(form["date"]).found

        assert elements["input"]["value"] == "2015-09"
        assert elements["input"]["class"] == "vTextField"
        assert elements["input"]["maxlength"] == "64"
        assert elements["input"]["data-interpret-url"] == "/dates/interpret/"
        assert elements["input"]["aria-describedby"] == "id_date_helptext id_date_reading"
        assert elements["span"]["id"] == "id_date_reading"
        assert elements["span"]["aria-live"] == "polite"
        assert "September 2015: 1 to 30 September 2015</span>" in str(form["date"])
        assert "agreements/partial-date.js" in str(form.media)

    def test_a_refused_input_is_shown_again_escaped(self):
        html = str(MeetingForm({"date": "<b>\x00&"})["date"])
        assert "<b>" not in html
        assert "&lt;b&gt;\ufffd&amp; is not a date in EDTF" in html

    @pytest.mark.urls("django.conf.urls.i18n")
    def test_an_input_without_id_or_url_has_no_reference(self):
        elements = Elements(PartialDateInput().render("date", None)).found
        assert "aria-describedby" not in elements["input"]
        assert "data-interpret-url" not in elements["input"]
        assert "id" not in elements["span"]

    def test_the_admin_keeps_the_widget(self):
        admin = ModelAdmin(Meeting, AdminSite())
        field = admin.formfield_for_dbfield(Meeting._meta.get_field("date"), None)
        assert isinstance(field.widget, PartialDateInput)

    def test_another_widget_can_be_asked_for(self):
        field = Meeting._meta.get_field("date").formfield(widget=forms.HiddenInput)
        assert isinstance(field.widget, forms.HiddenInput)


class TestInterpret:
    def ask(self, rf, value):
        response = interpret(rf.get("/", {"value": value}))
        assert response.status_code == 200
        return response

    @pytest.mark.parametrize(
        ("value", "answer"),
        [
            (" 2015 ", b'{"valid": true, "text": "2015: 1 January to 31 December 2015"}'),
            ("", b'{"valid": true, "text": ""}'),
            (
                "2015-9",
                b'{"valid": false, "text": "2015-9 is not a date in EDTF; did you mean 2015-09?"}',
            ),
        ],
    )
    def test_a_text_is_read_or_refused(self, rf, value, answer):
        assert self.ask(rf, value).content == answer

    @pytest.mark.parametrize("value", ["\x00", "9" * 20000, "Y" + "9" * 63, "\u202e", "😀/😀"])
    def test_hostile_text_is_answered_briefly(self, rf, value):
        assert len(self.ask(rf, value).content) < 1000

    def test_only_get_is_answered(self, rf):
        assert interpret(rf.post("/", {"value": "2015"})).status_code == 405
