"""Lists of the desk at a million records: indexes for their orders, filters and searches."""

import agreements.date_fields
from django.db import migrations, models

# The columns that lists are searched in, as `icontains` compares them.
_SEARCHED = {
    "agreements_engagement": ("title", "slug"),
    "agreements_document": ("title", "slug", "publisher", "author", "url"),
}


def index_words(apps, schema_editor):
    """One index of the parts of words for each table, on PostgreSQL; SQLite's is no migration's."""
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in _SEARCHED.items():
            parts = ", ".join(f"UPPER({column}::text) gin_trgm_ops" for column in columns)
            schema_editor.execute(f"CREATE INDEX {table}_words ON {table} USING gin ({parts})")


def drop_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in _SEARCHED:
            schema_editor.execute(f"DROP INDEX {table}_words")


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0007_flat_to_a_million"),
    ]

    operations = [
        migrations.AlterField(
            model_name="country",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="engagement",
            name="date_earliest",
            field=agreements.date_fields.DateBoundField("date", "earliest", db_index=False),
        ),
        migrations.AlterField(
            model_name="engagement",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="force",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="reportedtotal",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="series",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="review_state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("in-review", "in review"),
                    ("approved", "approved"),
                    ("published", "published"),
                    ("withdrawn", "withdrawn"),
                ],
                default="draft",
                editable=False,
                help_text="Draft, in review, approved, published or withdrawn.",
                max_length=10,
                verbose_name="review state",
            ),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(fields=["instrument"], name="agreement_instrument"),
        ),
        migrations.AddIndex(
            model_name="agreement",
            index=models.Index(
                condition=models.Q(("identified", False)),
                fields=["engagement_ptr"],
                name="agreement_unidentified",
            ),
        ),
        migrations.AddIndex(
            model_name="country",
            index=models.Index(fields=["review_state"], name="country_review_state"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["title"], name="document_by_title"),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["review_state", "title"], name="document_of_state_by_title"),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(
                fields=["kind", "-date_earliest", "slug"], name="engagement_of_kind_by_date"
            ),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(fields=["-date_earliest", "slug"], name="engagement_by_date"),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(fields=["kind", "title"], name="engagement_of_kind_by_title"),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(
                fields=["review_state", "-date_earliest", "slug"],
                name="engagement_of_state_by_date",
            ),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=models.Index(
                fields=["status", "-date_earliest", "slug"], name="engagement_of_status_by_date"
            ),
        ),
        migrations.AddIndex(
            model_name="exercise",
            index=models.Index(fields=["activity"], name="exercise_activity"),
        ),
        migrations.AddIndex(
            model_name="force",
            index=models.Index(fields=["review_state"], name="force_review_state"),
        ),
        migrations.AddIndex(
            model_name="reportedtotal",
            index=models.Index(fields=["review_state"], name="reportedtotal_review_state"),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["review_state"], name="series_review_state"),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["review_state"], name="topic_review_state"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["key", "-id"], name="change_by_key"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["step", "-id"], name="change_by_step"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["way", "-id"], name="change_by_way"),
        ),
        migrations.RunPython(index_words, drop_words, elidable=False),
    ]
