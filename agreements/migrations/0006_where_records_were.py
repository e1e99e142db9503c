"""Records are found by their place. What is in the ledger already gets that facet from its body."""

import json

from django.db import migrations, models

from agreements.places import place_keys

AT_A_TIME = 1000


def find_places(apps, schema_editor):
    publications = apps.get_model("agreements", "Publication").objects
    facets = apps.get_model("agreements", "PublicationFacet").objects
    found = []
    rows = publications.filter(kind__in=("agreement", "meeting", "exercise"))
    for key, body in rows.values_list("pk", "body").iterator(chunk_size=AT_A_TIME):
        for place in sorted(place_keys(json.loads(body).get("location"))):
            found.append(facets.model(publication_id=key, facet="place", value=place))
        if len(found) >= AT_A_TIME:
            facets.bulk_create(found)
            found = []
    facets.bulk_create(found)


def forget_places(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # The ledger keeps its rows; the trigger is put back after every migrate.
        schema_editor.execute(
            "DROP TRIGGER IF EXISTS agreements_facet_stay ON agreements_publicationfacet"
        )
    apps.get_model("agreements", "PublicationFacet").objects.filter(facet="place").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0005_releases'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publicationfacet',
            name='agreements_publicationfacet_facet_known',
        ),
        migrations.AlterField(
            model_name='publicationfacet',
            name='facet',
            field=models.CharField(choices=[('country', 'country'), ('force', 'force'), ('role', 'role'), ('country-role', 'country and role'), ('force-role', 'force and role'), ('topic', 'topic'), ('document', 'document'), ('place', 'place')], max_length=12, verbose_name='facet'),
        ),
        migrations.AddConstraint(
            model_name='publicationfacet',
            constraint=models.CheckConstraint(condition=models.Q(('facet__in', ['country', 'force', 'role', 'country-role', 'force-role', 'topic', 'document', 'place'])), name='agreements_publicationfacet_facet_known', violation_error_message='Choose one of the listed values.'),
        ),
        migrations.RunPython(find_places, forget_places),
    ]
