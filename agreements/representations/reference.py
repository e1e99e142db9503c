"""Countries, forces, topics, series, documents and totals as the public reads them."""

from typing import Any

from rest_framework import serializers

from agreements.countries import country_name, country_table
from agreements.models import Country, Force, ForceName, ReportedTotal
from agreements.representations.fields import (
    COUNTRY_CODE,
    CitationSerializer,
    CountryReference,
    DocumentReference,
    ForceReference,
    NameSerializer,
    OriginReference,
    PartialDateSerializer,
    TextOrNull,
)


class CountrySerializer(serializers.Serializer):
    code = serializers.CharField(help_text=COUNTRY_CODE)
    alpha3 = serializers.CharField(help_text="ISO 3166 alpha-3.")
    name = serializers.SerializerMethodField(help_text="English name from CLDR.")
    names = serializers.SerializerMethodField()

    def get_name(self, country: Country) -> str:
        return country_name(country.code)

    def get_names(self, country: Country) -> list[dict[str, str]]:
        names = country_table()[country.code]["names"]
        return [{"text": text, "language": language} for language, text in names.items()]


class ForceNameSerializer(NameSerializer):
    kind = serializers.ChoiceField(choices=ForceName.Kind.choices)


class ForceSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    names = ForceNameSerializer(source="names.all", many=True)
    kind = serializers.ChoiceField(choices=Force.Kind.choices)
    country = CountryReference()
    established = PartialDateSerializer(allow_null=True)
    parent = ForceReference(allow_null=True)
    predecessor = ForceReference(allow_null=True)
    citations = CitationSerializer(source="citations.all", many=True)


class TopicSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()
    labels = NameSerializer(source="labels.all", many=True)


class SeriesSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = TextOrNull()
    citations = CitationSerializer(source="citations.all", many=True)


class DocumentSerializer(serializers.Serializer):
    """A source's particulars; never its text."""

    slug = serializers.CharField()
    title = serializers.CharField()
    publisher = TextOrNull()
    author = TextOrNull()
    language = serializers.CharField(help_text="BCP 47 language tag.")
    published = PartialDateSerializer(allow_null=True)
    url = TextOrNull()
    sha256 = TextOrNull(help_text="Of the text that was read; null where none was.")
    origin = OriginReference(allow_null=True, help_text="The document that this one republishes.")
    note = TextOrNull()


class CriteriaSerializer(serializers.Serializer):
    """Which published records the claim is compared with."""

    counts = serializers.ChoiceField(choices=ReportedTotal.Counts.choices)
    instrument = TextOrNull()
    activity = TextOrNull()
    period = PartialDateSerializer(allow_null=True)


class TotalSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField()
    count = serializers.IntegerField()
    approximate = serializers.BooleanField()
    as_of = PartialDateSerializer(allow_null=True)
    force = ForceReference(allow_null=True)
    countries = serializers.SerializerMethodField(help_text=COUNTRY_CODE)
    criteria = CriteriaSerializer(source="*")
    document = DocumentReference()
    locator = serializers.CharField()
    quote = TextOrNull()
    verified = serializers.BooleanField()
    note = TextOrNull()

    def get_countries(self, total: Any) -> list[str]:
        published = self.context["published"]
        codes = sorted(country.code for country in total.countries.all())
        return [published.body("country", code)["code"] for code in codes]
