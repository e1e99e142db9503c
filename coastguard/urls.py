"""Where everything answers."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import TemplateView

from agreements.date_forms import interpret

urlpatterns = [
    path("", TemplateView.as_view(template_name="agreements/home.html"), name="home"),
    path("admin/interpret-date/", interpret, name="interpret-date"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("agreements.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
