"""Agreements as tutorials of Django REST framework have them: nothing tuned, nothing spoilt."""

import django_filters
from django.urls import include, path
from rest_framework import routers, serializers, viewsets

from agreements.models import Agreement, Citation, Country, Document, Force, Participant


class CountrySerializer(serializers.ModelSerializer):
    class Meta:
        model = Country
        fields = ["code", "alpha3"]


class ForceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Force
        fields = ["slug", "name", "kind"]


class ParticipantSerializer(serializers.ModelSerializer):
    country = CountrySerializer()
    force = ForceSerializer()

    class Meta:
        model = Participant
        fields = ["country", "force", "role"]


class DocumentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Document
        fields = ["slug", "title", "publisher", "sha256"]


class CitationSerializer(serializers.ModelSerializer):
    document = DocumentSerializer()

    class Meta:
        model = Citation
        fields = ["field", "document", "locator", "quote", "stance", "stated_value", "inferred"]


class AgreementSerializer(serializers.ModelSerializer):
    participants = ParticipantSerializer(many=True)
    citations = CitationSerializer(many=True)
    date = serializers.CharField()
    entered_into_force = serializers.CharField()
    terminated = serializers.CharField()

    class Meta:
        model = Agreement
        fields = [
            *("slug", "title", "summary", "status", "date", "date_earliest", "date_latest"),
            *("instrument", "title_as_given", "ambit", "entered_into_force"),
            *("entered_into_force_earliest", "entered_into_force_latest", "terminated"),
            *("terminated_earliest", "terminated_latest", "participants", "citations"),
        ]


class AgreementFilter(django_filters.FilterSet):
    country = django_filters.CharFilter(method="with_country")
    date_from = django_filters.DateFilter(field_name="date_latest", lookup_expr="gte")
    date_to = django_filters.DateFilter(field_name="date_earliest", lookup_expr="lte")

    class Meta:
        model = Agreement
        fields = ["instrument", "status"]

    def with_country(self, queryset, name, value):
        for code in self.data.getlist("country"):
            queryset = queryset.filter(participants__country__code=code)
        return queryset.distinct()


class AgreementViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Agreement.objects.prefetch_related(
        "participants__country", "participants__force", "citations__document"
    ).order_by("-date_earliest", "-id")
    serializer_class = AgreementSerializer
    lookup_field = "slug"
    filterset_class = AgreementFilter
    search_fields = ["title", "title_as_given", "summary"]


router = routers.DefaultRouter()
router.register("agreements", AgreementViewSet)
urlpatterns = [path("", include(router.urls))]
