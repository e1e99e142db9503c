"""What reads need to cost the same at a million records, also when they are found anew.

Facets get what they are ordered by from their publications. Ranges of dates get indexes of the
records that are not of one day. The counts of what is published are made after the migration.
"""

from datetime import date

from django.db import migrations, models

import django.db.models.deletion

KINDS = [
    ('country', 'country'),
    ('force', 'force'),
    ('topic', 'topic'),
    ('series', 'series'),
    ('document', 'document'),
    ('agreement', 'agreement'),
    ('meeting', 'meeting'),
    ('exercise', 'exercise'),
    ('total', 'reported total'),
]


def share(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # The ledger keeps its rows; the trigger is put back after every migrate.
        schema_editor.execute(
            "DROP TRIGGER IF EXISTS agreements_facet_keep ON agreements_publicationfacet"
        )
    schema_editor.execute(
        "UPDATE agreements_publicationfacet SET (kind, undated, date_key, sequence) ="
        " (SELECT p.kind, p.undated, p.date_key, p.sequence FROM agreements_publication p"
        " WHERE p.id = agreements_publicationfacet.publication_id)"
    )


# Which facet a value is of follows from the value: told that, PostgreSQL expects as many rows as
# there are, and goes along the order where that is shorter.
STATISTICS = (
    "CREATE STATISTICS agreements_facet_values (dependencies)"
    " ON facet, value FROM agreements_publicationfacet",
    "ALTER TABLE agreements_publicationfacet ALTER value SET STATISTICS 1000",
)
NO_STATISTICS = (
    "DROP STATISTICS IF EXISTS agreements_facet_values",
    "ALTER TABLE agreements_publicationfacet ALTER value SET STATISTICS -1",
)


# With room in its page a count is changed there, without new entries in the indexes.
ROOM = (
    "ALTER TABLE agreements_columncount SET (fillfactor = 50)",
    "ALTER TABLE agreements_facetcount SET (fillfactor = 50)",
)


def make_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in ROOM:
            schema_editor.execute(statement)


def tell_of_values(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATISTICS:
            schema_editor.execute(statement)


def tell_nothing(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in NO_STATISTICS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0008_lists_of_the_desk'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='publicationfacet',
            name='agreements_publicationfacet_once',
        ),
        migrations.AlterField(
            model_name='publicationfacet',
            name='publication',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='facets', to='agreements.publication', verbose_name='publication'),
        ),
        migrations.AddField(
            model_name='publicationfacet',
            name='kind',
            field=models.CharField(choices=KINDS, default='', max_length=10, serialize=False, verbose_name='kind'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicationfacet',
            name='undated',
            field=models.BooleanField(default=True, serialize=False, verbose_name='undated'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicationfacet',
            name='date_key',
            field=models.DateField(default=date(9999, 12, 31), serialize=False, verbose_name='day to order by'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicationfacet',
            name='sequence',
            field=models.PositiveBigIntegerField(default=0, serialize=False, verbose_name='sequence'),
            preserve_default=False,
        ),
        migrations.RunPython(share, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='publicationfacet',
            constraint=models.UniqueConstraint(fields=('publication', 'facet', 'value'), name='agreements_publicationfacet_once'),
        ),
        migrations.AddIndex(
            model_name='publicationfacet',
            index=models.Index(fields=['facet', 'value', 'undated', '-date_key', 'sequence', 'kind', 'publication'], name='facet_by_date'),
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_wide_by_date',
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('earliest__lt', models.F('latest'))), fields=['wide', 'undated', '-date_key', 'sequence', 'latest', 'kind'], name='publication_spread_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('earliest__isnull', True), ('undated', False)), fields=['undated', '-date_key', 'sequence', 'kind'], name='publication_no_first_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('latest__isnull', True), ('undated', False)), fields=['undated', '-date_key', 'sequence', 'kind'], name='publication_no_last_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('state__in', ['withdrawn', 'merged'])), fields=['state', 'sequence'], name='publication_gone'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', False)), fields=['sequence'], name='publication_past'),
        ),
        migrations.RunPython(tell_of_values, tell_nothing),
        migrations.CreateModel(
            name='CountedUntil',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(verbose_name='sequence')),
            ],
            options={
                'verbose_name': 'what is counted',
                'verbose_name_plural': 'what is counted',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ColumnCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('status', models.CharField(blank=True, max_length=20, verbose_name='status')),
                ('instrument', models.CharField(blank=True, max_length=40, verbose_name='instrument')),
                ('activity', models.CharField(blank=True, max_length=30, verbose_name='activity')),
                ('level', models.CharField(blank=True, max_length=20, verbose_name='level')),
                ('series', models.CharField(blank=True, max_length=100, verbose_name='series')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.IntegerField(verbose_name='how many')),
            ],
            options={
                'verbose_name': 'count of records by their columns',
                'verbose_name_plural': 'counts of records by their columns',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'status', 'instrument', 'activity', 'level', 'series', 'year'), name='agreements_columncount_once')],
            },
        ),
        migrations.CreateModel(
            name='FacetCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(max_length=12, verbose_name='facet')),
                ('value', models.CharField(blank=True, max_length=120, verbose_name='value')),
                ('other', models.CharField(blank=True, max_length=4, verbose_name='other country')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.IntegerField(verbose_name='how many')),
            ],
            options={
                'verbose_name': 'count of records by their facets',
                'verbose_name_plural': 'counts of records by their facets',
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('other', ''), _negated=True), fields=['other'], name='facetcount_by_other')],
                'constraints': [models.UniqueConstraint(fields=('facet', 'value', 'other', 'kind', 'year'), name='agreements_facetcount_once')],
            },
        ),
        migrations.RunPython(make_room, migrations.RunPython.noop),
    ]
