"""Countries, forces, topics, series, documents and totals as the public reads them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agreements.countries import country_name, country_table
from agreements.models import Agreement, Country, Exercise, Force, ForceName, ReportedTotal
from agreements.records import belongings
from agreements.representations.fields import (
    COUNTRY_CODE,
    SLUG,
    CitationSerializer,
    CodeOrNull,
    CountryReference,
    DocumentReference,
    ForceReference,
    NameSerializer,
    OriginReference,
    PartialDateSerializer,
    Shape,
    TextOrNull,
)


class CountrySerializer(Shape):
    """A state."""

    code = serializers.CharField(help_text=COUNTRY_CODE)
    alpha3 = serializers.CharField(help_text="ISO 3166 alpha-3.")
    name = serializers.SerializerMethodField(help_text="English name from CLDR.")
    names = serializers.SerializerMethodField(help_text="In English and Vietnamese, from CLDR.")

    def get_name(self, country: Country) -> str:
        return country_name(country.code)

    @extend_schema_field(NameSerializer(many=True))
    def get_names(self, country: Country) -> list[dict[str, str]]:
        names = country_table()[country.code]["names"]
        return [{"text": text, "language": language} for language, text in names.items()]


class ForceNameSerializer(NameSerializer):
    """A name, acronym or alias of a force in one language."""

    kind = serializers.ChoiceField(choices=ForceName.Kind.choices)


class ForceSerializer(Shape):
    """A body that acts for a state: a coast guard, a navy, a ministry, an agency."""

    slug = serializers.CharField(help_text=SLUG)
    name = serializers.CharField(help_text="In English.")
    names = ForceNameSerializer(source="names.all", many=True)
    kind = serializers.ChoiceField(choices=Force.Kind.choices)
    country = CountryReference()
    established = PartialDateSerializer(allow_null=True)
    parent = ForceReference(allow_null=True)
    predecessor = ForceReference(allow_null=True)
    citations = CitationSerializer(source="citations.all", many=True)


class TopicSerializer(Shape):
    """What cooperation is about."""

    slug = serializers.CharField(help_text=SLUG)
    name = serializers.CharField(help_text="In English.")
    labels = NameSerializer(source="labels.all", many=True)


class SeriesSerializer(Shape):
    """A numbered or recurring run of engagements."""

    slug = serializers.CharField(help_text=SLUG)
    title = serializers.CharField()
    summary = TextOrNull()
    citations = CitationSerializer(source="citations.all", many=True)


class DocumentSerializer(Shape):
    """A source's particulars; never its text."""

    slug = serializers.CharField(help_text=SLUG)
    title = serializers.CharField(help_text="As the document gives it, in its language.")
    publisher = TextOrNull()
    author = TextOrNull()
    language = serializers.CharField(help_text="BCP 47 language tag.")
    published = PartialDateSerializer(allow_null=True)
    url = TextOrNull()
    sha256 = TextOrNull(help_text="Of the text that was read; null where none was.")
    origin = OriginReference(allow_null=True, help_text="The document that this one republishes.")
    note = TextOrNull()


class CriteriaSerializer(Shape):
    """Which published records the claim is compared with."""

    counts = serializers.ChoiceField(choices=ReportedTotal.Counts.choices)
    instrument = CodeOrNull(Agreement.Instrument.choices)
    activity = CodeOrNull(Exercise.Activity.choices)
    period = PartialDateSerializer(allow_null=True, help_text="Only records that could lie in it.")


class TotalSerializer(Shape):
    """A count that a document claims, such as how many agreements a force has signed."""

    slug = serializers.CharField(help_text=SLUG)
    title = serializers.CharField()
    what = serializers.CharField(help_text="What is counted, in our own words.")
    count = serializers.IntegerField(help_text="As claimed.")
    approximate = serializers.BooleanField(help_text="True where the document says so: over 500.")
    as_of = PartialDateSerializer(allow_null=True, help_text="The day that the claim speaks of.")
    force = ForceReference(allow_null=True)
    countries = serializers.SerializerMethodField(help_text=COUNTRY_CODE)
    criteria = CriteriaSerializer(source="*")
    document = DocumentReference()
    locator = serializers.CharField()
    quote = TextOrNull()
    verified = serializers.BooleanField()
    note = TextOrNull()

    def get_countries(self, total: Any) -> list[str]:
        published = self.public
        codes = sorted(country.code for country in belongings(total, "countries"))
        return [published.body("country", code)["code"] for code in codes]
