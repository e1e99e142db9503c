"""Very many rows are read by one parameter, made without ceremony, and let go by part."""

import gc
import weakref

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.memory import let_go_by_part
from agreements.models import Agreement, Citation, Force
from tests.builders import JCG, VCG, agreement, force, meeting


class Record:
    """Something that holds itself, as records and their rows do."""

    def __init__(self):
        self.itself = self


@pytest.mark.django_db
class TestAmong:
    def test_it_finds_those_that_are_there_among_more_than_a_statement_has_places_for(self):
        record = meeting()
        numbers = range(record.pk, record.pk + 100_000)
        found = Citation.objects.filter(engagement__among=numbers)
        assert list(found) == list(record.citations.all())
        assert list(Citation.objects.filter(engagement__among=[])) == []

    def test_texts_are_taken_as_they_are(self):
        force(VCG)
        keys = [VCG[0], "it's", 'a "b"', "{c,d}", "\\", "đ"]
        assert [each.slug for each in Force.objects.filter(slug__among=keys)] == [VCG[0]]
        Force.objects.filter(slug=VCG[0]).update(slug='it\'s {a} "b" \\ đ')
        assert Force.objects.filter(slug__among=['it\'s {a} "b" \\ đ', JCG[0]]).count() == 1


@pytest.mark.django_db
class TestRows:
    def test_a_row_that_is_read_whole_asks_for_nothing_more(self):
        made = agreement()
        (row,) = Agreement.objects.filter(pk=made.pk)
        with CaptureQueriesContext(connection) as queries:
            assert (row.pk, row.title, row.date, row.date_earliest) == (
                *(made.pk, made.title, made.date, made.date_earliest),
            )
            assert row.get_deferred_fields() == set()
            assert row == made
        assert len(queries) == 0
        row.title = "Another title"
        row.save()
        assert Agreement.objects.get(pk=made.pk).title == "Another title"

    def test_what_is_not_read_is_looked_up_when_it_is_asked_for(self):
        made = agreement()
        row = Agreement.objects.only("title").get(pk=made.pk)
        assert "summary" in row.get_deferred_fields()
        assert row.summary == made.summary


class TestLettingGo:
    def test_what_a_part_made_is_gone_after_it(self):
        with let_go_by_part() as let_go:
            watched = weakref.ref(Record())
            assert watched() is not None
            let_go()
            assert watched() is None

    def test_the_collector_goes_on_afterwards_whatever_came_of_the_task(self):
        with pytest.raises(ValueError, match="a fault"), let_go_by_part():
            raise ValueError("a fault")
        assert gc.isenabled()

    def test_one_that_was_off_stays_off(self):
        gc.disable()
        try:
            with let_go_by_part():
                pass
            assert not gc.isenabled()
        finally:
            gc.enable()
