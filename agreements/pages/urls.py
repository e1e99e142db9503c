"""Addresses of the public pages, below the language of their reader."""

from django.urls import path, register_converter

from agreements.pages import front
from agreements.pages.converters import CodeConverter, KeyConverter, KindConverter

register_converter(KindConverter, "kind")
register_converter(KeyConverter, "key")
register_converter(CodeConverter, "code")

app_name = "pages"
urlpatterns = [
    path("", front.HomePage.as_view(), name="home"),
]
