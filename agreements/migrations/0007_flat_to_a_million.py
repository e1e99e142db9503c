"""Indexes by which every list costs the same at a million records.

`wide` is new, and is reckoned for what is in the ledger already. On PostgreSQL the words of the
records are indexed as words, in place of their trigrams: a fifth of the size, and their frequency
is known to the planner.
"""

from django.db import migrations, models

from agreements.models.lookups import WORDS

SPAN = {
    "postgresql": "latest - earliest",
    "sqlite": "julianday(latest) - julianday(earliest)",
}
TRIGRAMS = (
    "CREATE INDEX publication_search ON agreements_publication"
    " USING gin (search_text gin_trgm_ops)"
)


def find_wide(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        # The ledger keeps its rows; the trigger is put back after every migrate.
        schema_editor.execute(
            "DROP TRIGGER IF EXISTS agreements_publication_keep ON agreements_publication"
        )
    schema_editor.execute(
        "UPDATE agreements_publication SET wide = TRUE"
        f" WHERE (earliest IS NULL) <> (latest IS NULL) OR {SPAN[vendor]} > 366"
    )


def index_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS publication_search")
        words = WORDS.format(column="search_text")
        schema_editor.execute(
            f"CREATE INDEX publication_words ON agreements_publication USING gin (({words}))"
        )


def index_trigrams(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS publication_words")
        schema_editor.execute(TRIGRAMS)


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0006_where_records_were'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_kind_by_date',
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_record_by_time',
        ),
        migrations.RemoveIndex(
            model_name='publication',
            name='publication_by_time',
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['published_at', 'sequence'], name='publication_by_time'),
        ),
        migrations.AddField(
            model_name='publication',
            name='wide',
            field=models.BooleanField(default=False, verbose_name='may be over a year from that day'),
        ),
        migrations.AlterField(
            model_name='publication',
            name='sha256',
            field=models.CharField(max_length=64, verbose_name='SHA-256'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['kind', 'undated', '-date_key', 'sequence'], name='publication_kind_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['undated', '-date_key', 'sequence'], name='publication_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['kind', 'undated', 'date_key', 'sequence'], name='publication_kind_by_date_up'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['undated', 'date_key', 'sequence'], name='publication_by_date_up'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['title_key', 'sequence'], name='publication_by_title'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['kind', 'sequence'], name='publication_kind_by_sequence'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True)), fields=['status', 'undated', '-date_key', 'sequence'], name='publication_status_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), models.Q(('instrument', ''), _negated=True)), fields=['instrument', 'undated', '-date_key', 'sequence'], name='publication_instrument_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), models.Q(('activity', ''), _negated=True)), fields=['activity', 'undated', '-date_key', 'sequence'], name='publication_activity_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), models.Q(('level', ''), _negated=True)), fields=['level', 'undated', '-date_key', 'sequence'], name='publication_level_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), models.Q(('series', ''), _negated=True)), fields=['series', 'undated', '-date_key', 'sequence'], name='publication_series_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), ('disputed', True)), fields=['kind', 'undated', '-date_key', 'sequence'], name='publication_disputed_by_date'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('superseded_at__isnull', True), ('wide', True)), fields=['kind', 'undated', '-date_key', 'sequence'], name='publication_wide_by_date'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('sha256',), name='agreements_publication_sha256_once'),
        ),
        migrations.RunPython(index_words, index_trigrams),
        migrations.RunPython(find_wide, migrations.RunPython.noop),
    ]
