"""Where there is nothing: the same page for the whole site."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agreements.pages.page import PublicPage


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """Return the page for an address that is none, in the reader's language."""
    response = render(request, "pages/not_found.html", status=HTTPStatus.NOT_FOUND)
    PublicPage.public(response)
    return response
