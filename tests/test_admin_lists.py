"""The admin's lists and addresses: bad input, the number of queries, front pages."""

from urllib.parse import quote

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements.countries import country_table
from agreements.models import (
    Country,
    Meeting,
    Person,
    PersonName,
    ReportedTotal,
    Series,
)
from tests import builders
from tests.admin_pages import LISTS, add_page, changelist, form_of, page, refused, saved
from tests.builders import ALPHA3, JCG, VCG, reload

pytestmark = pytest.mark.django_db


class TestBadInput:
    @pytest.mark.parametrize("model", LISTS)
    @pytest.mark.parametrize(
        "query",
        [
            "title__regex=(a%2B)%2B$",
            "slug__regex=(a%2B)%2B$",
            "date_earliest__year=99999999999999999999",
            "published_at__year=99999999999999999999",
            "review_state__contains=d",
            "participants__delegates__person__name__contains=x",
            "engagement__title__startswith=x",
            "q=%00",
            "id__in=1,2",
            "pk=9223372036854775808",
        ],
    )
    def test_lookups_that_no_filter_offers(self, analyst, model, query):
        assert analyst.get(f"{changelist(model)}?{query}").status_code == 400

    @pytest.mark.parametrize("model", ["user", "group"])
    @pytest.mark.parametrize(
        "query",
        [
            "username__regex=(a%2B)%2B$",
            "name__regex=(a%2B)%2B$",
            "last_login__year=99999999999999999999",
            "is_staff__range=1",
            "groups__exact=9223372036854775808",
            "groups=9223372036854775808",
            "groups__id__regex=(a%2B)%2B$",
            "totpdevice__exact=9223372036854775808",
            "user__gte=9223372036854775808",
            "logentry__id__startswith=1",
            "pk__in=9223372036854775808",
            "password__startswith=pbkdf2",
            f"q={'a+' * 1000}",
            "q=%00",
        ],
        ids=range(14),
    )
    def test_lookups_that_the_lists_of_accounts_do_not_offer(self, analyst, model, query):
        assert analyst.get(f"/admin/auth/{model}/?{query}").status_code == 400

    @pytest.mark.parametrize("value", ["9223372036854775808", "-99999999999999999999"])
    def test_a_relation_is_asked_for_by_its_key_alone(self, analyst, value):
        """Beyond the range of a key a database fails, or finds nothing."""
        for model, path in (
            *((kind, "participants__country") for kind in ("agreement", "meeting", "engagement")),
            *((kind, "participants__force") for kind in ("agreement", "meeting", "exercise")),
            *((kind, "topics") for kind in ("agreement", "exercise", "engagement")),
            *(("meeting", "series"), ("document", "origin"), ("reportedtotal", "force")),
            ("force", "country"),
        ):
            assert analyst.get(f"{changelist(model)}?{path}__exact={value}").status_code == 400
            status = analyst.get(f"{changelist(model)}?{path}__id__exact={value}").status_code
            assert status in (200, 302, 400)
        status = analyst.get(f"/admin/auth/user/?groups__id__exact={value}").status_code
        assert status in (200, 302)

    def test_accounts_are_found_by_what_their_list_offers(self, analyst, django_user_model):
        django_user_model.objects.create_user("reviewer", is_staff=True)
        for query, found in (
            ("is_superuser__exact=1", ["analyst"]),
            ("is_staff__exact=1&q=review", ["reviewer"]),
            ("groups__isnull=True&o=1", ["analyst", "reviewer"]),
        ):
            rows = analyst.get(f"/admin/auth/user/?{query}").context["cl"].result_list
            assert [row.username for row in rows] == found

    @pytest.mark.parametrize("key", ["abc", "1\0", str(2**63), "-1"])
    def test_keys_of_roles_that_are_none(self, analyst, django_user_model, key):
        account = django_user_model.objects.create_user("reviewer")
        url = f"/admin/auth/user/{account.pk}/change/"
        form = {**form_of(analyst, url), "groups": [key], "user_permissions": [key]}
        assert analyst.post(url, form).status_code == 200
        assert not account.groups.exists()
        for view in ("change", "delete", "history", "password"):
            path = f"/admin/auth/user/{quote(key)}/{view}/"
            assert analyst.get(path).status_code in (302, 400, 404)

    @pytest.mark.parametrize(
        "query",
        [
            "participants__country__id__exact=abc",
            "participants__country__id__exact=9223372036854775808",
            "participants__country__id__exact=-1",
            "participants__country__isnull=maybe",
            "status__exact=nonsense",
            "topics__id__exact=1%0A",
            "when=never",
            "p=99999999999999999999",
            "p=-1",
            "p=abc",
            "o=1.2.-99999999999999999999.x",
            "all=&_facets=x",
            "q=" + "đ+" * 400,
            "q=%22%27%25_%5C",
            "q=%E2%80%AE%3Cscript%3E",
        ],
    )
    def test_values_that_mean_nothing(self, analyst, query):
        builders.meeting()
        response = analyst.get(f"{changelist('meeting')}?{query}")
        assert response.status_code in (200, 302)
        if response.status_code == 302:
            assert response.url.endswith("?e=1")

    @pytest.mark.parametrize(
        "query", ["o=" + "1." * 3000, "&".join(["status__exact=held"] * 900), "q=" + "a" * 5000]
    )
    def test_more_than_a_database_takes(self, analyst, query):
        assert analyst.get(f"{changelist('meeting')}?{query}").status_code == 400

    @pytest.mark.parametrize(
        "key",
        ["abc", "1\0", str(2**63), "-1", "1" * 5000],
        ids=["abc", "nul", "2^63", "-1", "long"],
    )
    def test_keys_that_are_none(self, analyst, key):
        record = builders.meeting()
        form = form_of(analyst, page(record))
        posted = ("series", "location_country", "participants-0-country", "citations-0-document")
        for name in posted:
            assert refused(analyst, page(record), {**form, name: key})
        for name in ("citations-0-id", "participants-0-id"):
            assert analyst.post(page(record), {**form, name: key}).status_code in (200, 302)
        assert refused(analyst, add_page("reportedtotal"), {"countries": [key], "document": key})
        form = {"action": "submit_for_review", "_selected_action": [key]}
        status = analyst.post(changelist("meeting"), form).status_code
        assert status == 400

    @pytest.mark.parametrize("key", ["abc", "1%00", str(2**63), "_3F", "99999999999999999999"])
    def test_addresses_of_nothing(self, analyst, key):
        for model in LISTS:
            for view in ("change", "delete", "history"):
                response = analyst.get(f"{changelist(model)}{key}/{view}/")
                assert response.status_code in (302, 403, 404)

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("series=abc&location_country=9223372036854775808&date=nonsense&ordinal=x", 200),
            ("country=%00", 400),
            ("title=%3Cscript%3Ealert(1)%3C/script%3E&status=x", 200),
            ("_to_field=password", 400),
        ],
    )
    def test_addresses_that_fill_in_a_form(self, analyst, query, status):
        response = analyst.get(f"{add_page('meeting')}?{query}")
        assert response.status_code == status
        assert b"<script>alert" not in response.content

    def test_countries_of_a_total_filled_in(self, analyst):
        assert analyst.get(f"{add_page('reportedtotal')}?countries=abc,{2**63}").status_code == 200

    @pytest.mark.parametrize(
        ("term", "status"),
        [("%00", 400), ("%FF", 400), ("coast", 200), ("đ+" * 900, 200), ("x" * 3000, 200)],
    )
    def test_terms_of_the_search_in_a_select(self, analyst, term, status):
        query = f"term={term}&app_label=agreements&model_name=participant&field_name=force"
        assert analyst.get(f"/admin/autocomplete/?{query}").status_code == status

    @pytest.mark.parametrize(
        "term", ["a+" * 1000, "%E2%80%AE", "(a%2B)%2B$", "9" * 5000], ids=range(4)
    )
    def test_terms_of_every_select(self, analyst, term):
        for model, admin in site._registry.items():
            for name in (*admin.autocomplete_fields, *admin.filter_horizontal):
                query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                path = f"/admin/autocomplete/?term={term}&{query}&field_name={name}"
                # Permissions are chosen from all that there are.
                assert analyst.get(path).status_code == (403 if "permissions" in name else 200)

    def test_a_select_looks_among_the_records_of_a_field(self, analyst):
        """Every relation has a name at its other end too."""
        for model in site._registry:
            for each in model._meta.related_objects:
                query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                path = f"/admin/autocomplete/?term=a&{query}&field_name={each.name}"
                assert analyst.get(path).status_code in (403, 404)

    def test_a_select_finds_countries_and_forces_by_any_name(self, analyst):
        builders.force(VCG), builders.force(JCG)
        query = {"app_label": "agreements", "model_name": "participant"}
        for name, term, found in (
            ("country", "nhat ban", "Japan"),
            ("country", "jp", "Japan"),
            ("force", "Cảnh sát biển", "Vietnam Coast Guard"),
        ):
            response = analyst.get(
                "/admin/autocomplete/", {**query, "field_name": name, "term": term}
            )
            assert [row["text"] for row in response.json()["results"]] == [found]

    @pytest.mark.parametrize("text", ["a\0b", "x" * 6000])
    def test_texts_that_no_database_keeps(self, analyst, text):
        record = builders.meeting()
        form = form_of(analyst, page(record))
        for name in ("title", "slug", "summary", "date", "citations-0-quote", "citations-0-note"):
            assert refused(analyst, page(record), {**form, name: text})
        for name in ("citations-TOTAL_FORMS", "participants-INITIAL_FORMS"):
            assert analyst.post(page(record), {**form, name: text}).status_code == 200

    @pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\rb", "a\x07b", "\x1b[31mred", "a\x85b"])
    def test_control_characters_and_lines_in_a_line(self, analyst, text):
        """A title is a line of lists and citations, and an import refuses such characters."""
        record = builders.meeting()
        form = form_of(analyst, page(record))
        for name in ("title", "location_name", "citations-0-locator"):
            assert refused(analyst, page(record), {**form, name: text})
        several = {**form, "summary": text}
        if text in ("a\r\nb", "a\nb", "a\rb"):
            saved(analyst, page(record), several)
            assert reload(record).summary == "a\nb"
        else:
            assert refused(analyst, page(record), several)

    @pytest.mark.parametrize(
        "text",
        ["\u200b", "\u2060 \u200b", "\ufeff", "\u202e", "\u3164", "\u2800", "\u00ad", "\u0301"],
    )
    def test_a_text_of_which_nothing_is_seen(self, analyst, text):
        """It would be a record without a name in every list."""
        record, body = builders.meeting(), builders.force()
        form = form_of(analyst, page(record))
        for name in ("title", "summary", "location_name", "citations-0-locator"):
            errors = refused(analyst, page(record), {**form, name: text})
            assert "Write something that can be seen." in str(errors), name
        form = form_of(analyst, page(body))
        assert refused(analyst, page(body), {**form, "names-0-text": text})
        seen = {**form_of(analyst, page(record)), "title": f"नमस्ते{text}"}
        saved(analyst, page(record), seen)

    def test_more_rows_than_a_record_takes(self, analyst):
        """Each row that is posted is made and checked before anybody is told that there are too
        many: so no more than are taken."""
        record = builders.meeting()
        form = {**form_of(analyst, page(record)), "links-TOTAL_FORMS": "1900"}
        response = analyst.post(page(record), form)
        assert "at most 1000 forms" in response.content.decode()
        formsets = (each.formset for each in response.context["inline_admin_formsets"])
        assert max(len(formset.forms) for formset in formsets) == 1000

    def test_rows_that_change_places(self, analyst):
        """Each is saved for itself, and the database would have the first beside the second."""
        person = Person.objects.create(slug="captain-a", name="Captain A")
        for text in ("Captain A", "Captain B"):
            PersonName.objects.create(person=person, text=text, language="en")
        treaty = builders.agreement()
        for record, name in ((person, "names-{}-text"), (treaty, "participants-{}-country")):
            form = form_of(analyst, page(record))
            if record is treaty:
                form |= {"participants-0-force": "", "participants-1-force": ""}
                saved(analyst, page(record), form)
                form = form_of(analyst, page(record))
            one, other = name.format(0), name.format(1)
            changed = {**form, one: form[other], other: form[one]}
            errors = refused(analyst, page(record), changed)
            assert "Another row says the same, or does until this is saved." in str(errors)
            assert form_of(analyst, page(record))[one] == form[one]

    def test_a_row_in_the_place_of_one_that_is_removed(self, analyst):
        person = Person.objects.create(slug="captain-a", name="Captain A")
        PersonName.objects.create(person=person, text="Captain A", language="en")
        form = form_of(analyst, page(person))
        again = {
            key.replace("names-0-", "names-1-"): value
            for key, value in form.items()
            if key.startswith("names-0-")
        }
        more = {"names-TOTAL_FORMS": "2", "names-0-DELETE": "on", "names-1-id": ""}
        saved(analyst, page(person), {**form, **again, **more})
        assert [row.text for row in PersonName.objects.all()] == ["Captain A"]

    @pytest.mark.parametrize(
        "initial", ["-1", "-5", "0", "2", "9", "x", "", "99999999999999999999"]
    )
    def test_a_number_of_rows_that_is_none(self, analyst, initial):
        """Whoever says that rows which are there are new ones adds none twice."""
        person = Person.objects.create(slug="captain-a", name="Captain A")
        PersonName.objects.create(person=person, text="Captain A", language="en")
        before = list(PersonName.objects.values())
        form = {**form_of(analyst, page(person)), "names-INITIAL_FORMS": initial}
        response = analyst.post(page(person), form)
        assert response.status_code in (200, 302)
        assert list(PersonName.objects.values()) == before

    def test_a_form_of_1100_fields_is_read(self, analyst):
        record = builders.meeting()
        form = {**form_of(analyst, page(record)), **{f"f{n}": "x" for n in range(1100)}}
        saved(analyst, page(record), {**form, "title": "Talks in Hanoi"})
        assert reload(record).title == "Talks in Hanoi"

    def test_markup_and_direction_marks_are_kept_as_text(self, analyst):
        record = builders.meeting()
        title = "<script>alert(1)</script> \u202egnip"
        saved(analyst, page(record), {**form_of(analyst, page(record)), "title": title})
        for url in (page(record), changelist("meeting"), changelist("engagement")):
            assert b"<script>alert" not in analyst.get(url).content
        assert reload(record).title == title

    def test_too_much_at_once(self, analyst):
        url = add_page("meeting")
        assert analyst.post(url, {f"f{n}": "x" for n in range(20_001)}).status_code == 400
        assert analyst.post(
            url, f"title={'x' * 3_000_000}", content_type="application/x-www-form-urlencoded"
        ).status_code == 400  # fmt: skip

    def test_a_form_without_its_token(self, django_user_model):
        client = Client(enforce_csrf_checks=True)
        client.force_login(django_user_model.objects.create_superuser("analyst"))
        assert client.post(add_page("country"), {"code": "VN"}).status_code == 403

    def test_a_page_never_leads_elsewhere(self, client, django_user_model):
        django_user_model.objects.create_superuser("analyst", password="tide-and-time")
        form = {"username": "analyst", "password": "tide-and-time", "next": "//elsewhere.example"}
        assert client.post("/admin/login/", form).url == "/accounts/profile/"
        form = {"language": "vi", "next": "//elsewhere.example"}
        assert client.post("/i18n/setlang/", form).url == "/"


class TestLists:
    @staticmethod
    def make(number):
        """One more row of every list, each with all that its columns show."""
        builders.meeting(f"meeting-{number}", sides=((VCG, "host"), ("JP", "guest")))
        builders.agreement(f"agreement-{number}")
        builders.exercise(f"exercise-{number}")
        Series.objects.create(slug=f"series-{number}", title=f"Series {number}")
        Person.objects.create(slug=f"person-{number}", name=f"Person {number}")
        builders.topic(f"topic-{number}", f"Topic {number}")
        builders.document(f"document-{number}")
        code = [code for code in country_table() if code not in ALPHA3][number]
        Country.objects.create(code=code, alpha3=country_table()[code]["alpha3"])
        force = builders.force((f"force-{number}", "VN", f"Force {number}"))
        ReportedTotal.objects.create(
            slug=f"total-{number}", title="T", what="w", count=1, counts="meetings",
            document=builders.document(), locator="x", force=force,
        )  # fmt: skip

    @pytest.mark.parametrize("model", LISTS)
    def test_a_list_asks_as_often_for_many_rows_as_for_two(
        self, analyst, model, django_assert_num_queries
    ):
        for number in range(2):
            self.make(number)
        if model == "publication":
            builders.publish(*Meeting.objects.all())
        analyst.get(changelist(model))
        with CaptureQueriesContext(connection) as few:
            assert analyst.get(changelist(model)).status_code == 200
        for number in range(2, 16):
            self.make(number)
        if model == "publication":
            builders.publish(*Meeting.objects.exclude(review_state="published"))
        with django_assert_num_queries(len(few)):
            assert analyst.get(changelist(model)).status_code == 200


class TestFrontPages:
    def test_the_landing_page_leads_on(self, client):
        html = client.get("/", follow=True).content.decode()
        for address in ("/api/v1/docs/", "/api/v1/", "/admin/"):
            assert f'href="{address}"' in html
        assert "CC BY 4.0" in html

    def test_the_desk_and_its_language(self, analyst):
        html = analyst.get("/admin/").content.decode()
        assert "Maritime agreements" in html
        assert "participant/" not in html
        form = {"language": "vi", "next": "/admin/"}
        assert analyst.post("/i18n/setlang/", form).url == "/admin/"
        assert 'lang="vi"' in analyst.get("/admin/").content.decode()

    def test_no_page_carries_script_or_style_of_its_own(self, analyst, shipped):
        for model in LISTS:
            rows = analyst.get(changelist(model))
            first = rows.context["cl"].result_list[0]
            for response in (rows, analyst.get(page(first), follow=True)):
                html = response.content.decode()
                assert response.status_code == 200
                assert "<style" not in html
                assert " style=" not in html
                assert "<script>" not in html
