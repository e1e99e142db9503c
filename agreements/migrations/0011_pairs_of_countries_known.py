"""What 0010 asks of new facets holds of all: read without a lock that stops anybody."""

from django.db import migrations

from agreements.indexes import ValidateConstraint


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0010_pairs_of_countries'),
    ]

    operations = [
        ValidateConstraint(
            model_name='publicationfacet',
            name='agreements_publicationfacet_facet_known',
        ),
    ]
