"""Where there is nothing, and where somebody is turned away: the same pages for the whole site."""

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


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    """Return the page for what this account may not do."""
    return _turned_away(request, "pages/forbidden.html", HTTPStatus.FORBIDDEN)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that was not sent from a page of ours, or from one too old."""
    return _turned_away(request, "pages/forged.html", HTTPStatus.FORBIDDEN)


def _turned_away(request: HttpRequest, template: str, status: HTTPStatus) -> HttpResponse:
    response = render(request, template, status=status)
    response["Cache-Control"] = "no-store"
    return response
