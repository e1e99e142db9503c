"""What is in the ledger is found by its pairs of countries, made from the countries it has.

A part at a time, each in a transaction of its own: what a try that was broken off has done stays,
and the next one passes it by. Rows that an older program appends meanwhile, and later, have no
pairs; `manage.py find_again` gives them theirs.
"""

from django.db import migrations, transaction

HOLDS = {
    "runs-python": "It adds rows in parts of 2,000 records, and locks no table and no row that is there.",
}
MAKES_AGAIN = {"agreements_publicationfacet": ("facet", "country-pair")}

AT_A_TIME = 2000
# Codes are compared as their letters are, in whatever language the database orders texts.
PAIRS = """
INSERT INTO agreements_publicationfacet
    (publication_id, facet, value, kind, undated, date_key, sequence)
SELECT one.publication_id, 'country-pair', one.value || ':' || other.value,
    one.kind, one.undated, one.date_key, one.sequence
FROM agreements_publicationfacet one
JOIN agreements_publicationfacet other
    ON other.publication_id = one.publication_id
    AND other.facet = 'country' AND other.value {collate} > one.value
WHERE one.facet = 'country' AND one.publication_id > %s AND one.publication_id <= %s
ON CONFLICT DO NOTHING
"""
COLLATE = {"postgresql": 'COLLATE "C"', "sqlite": "COLLATE BINARY"}


def find_pairs(apps, schema_editor):
    connection = schema_editor.connection
    publications = apps.get_model("agreements", "Publication").objects.order_by("pk")
    statement, last = PAIRS.format(collate=COLLATE[connection.vendor]), 0
    while keys := list(publications.filter(pk__gt=last).values_list("pk", flat=True)[:AT_A_TIME]):
        with transaction.atomic(using=connection.alias):
            schema_editor.execute(statement, [last, keys[-1]])
        last = keys[-1]


def forget_pairs(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        # The ledger keeps its rows; the trigger is put back after every migrate. In a transaction,
        # so that it is given up where it would have to wait.
        with transaction.atomic(using=connection.alias):
            schema_editor.execute(
                "DROP TRIGGER IF EXISTS agreements_facet_stay ON agreements_publicationfacet"
            )
    pairs = apps.get_model("agreements", "PublicationFacet").objects.filter(facet="country-pair")
    while keys := list(pairs.values_list("pk", flat=True)[:AT_A_TIME]):
        pairs.filter(pk__in=keys).delete()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('agreements', '0011_pairs_of_countries_known'),
    ]

    operations = [
        migrations.RunPython(find_pairs, forget_pairs),
    ]
