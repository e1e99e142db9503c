"""Records may be found by pairs of countries: the word for it. Rows follow in 0012."""

from django.db import migrations, models

from agreements.indexes import AddConstraintNotValid

HOLDS = {
    "ban-drop-constraint": "The same rule with one word more is put in its place in the same transaction.",
}

FACETS = {
    'country': 'country',
    'country-pair': 'pair of countries',
    'force': 'force',
    'role': 'role',
    'country-role': 'country and role',
    'force-role': 'force and role',
    'topic': 'topic',
    'document': 'document',
    'place': 'place',
}


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0009_reads_at_a_million'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publicationfacet',
            name='agreements_publicationfacet_facet_known',
        ),
        migrations.AlterField(
            model_name='publicationfacet',
            name='facet',
            field=models.CharField(choices=list(FACETS.items()), max_length=12, verbose_name='facet'),
        ),
        AddConstraintNotValid(
            model_name='publicationfacet',
            constraint=models.CheckConstraint(condition=models.Q(('facet__in', list(FACETS))), name='agreements_publicationfacet_facet_known', violation_error_message='Choose one of the listed values.'),
        ),
    ]
