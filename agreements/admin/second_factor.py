"""The pages of the second factor: an app is enrolled, its codes are asked for at each login."""

from typing import Any

import segno
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login
from django_otp.plugins.otp_totp.models import TOTPDevice

from agreements.access import lockout, second_factor

# The secret that is being enrolled, until a code proves that the app has it.
_PENDING = "second_factor_key"


class CodeForm(forms.Form):
    """A code of an app, or of the list for whoever lost it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """GET: asks for a code. POST: a right one opens the desk."""
    user: Any = request.user
    onwards = _onwards(request)
    if user.is_verified():
        return HttpResponseRedirect(onwards)
    if not second_factor.is_enrolled(user):
        return redirect("second-factor-enrol")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not lockout.may_try(request, user.get_username()):
            # Answered by axes' middleware.
            return HttpResponse(status=429)
        device = second_factor.verified_by(user, form.cleaned_data["code"])
        if device is not None:
            lockout.passed(request, user.get_username())
            request.session.cycle_key()
            login(request, device)
            return HttpResponseRedirect(onwards)
        form.add_error("code", _("That code is not right, or was used already. Enter a new one."))
    context = {"title": gettext("Enter a code"), "form": form, "next": onwards}
    return _page(request, "verify", context)


@admin.site.admin_view
@require_http_methods(["GET", "HEAD", "POST"])
def enrol_page(request: HttpRequest) -> HttpResponse:
    """GET: a secret for an app. POST: a code that proves that the app has it."""
    user: Any = request.user
    enrolled = second_factor.is_enrolled(user)
    if enrolled and not user.is_verified():
        return redirect("second-factor")
    form = CodeForm(request.POST or None)
    key = request.session.get(_PENDING)
    if key is None:
        key = request.session[_PENDING] = second_factor.new_key()
    if request.method == "POST" and form.is_valid():
        device = second_factor.enrol(user, key, form.cleaned_data["code"])
        if device is not None:
            return _enrolled(request, device)
        form.add_error(
            "code",
            _(
                "That is not the code that the app shows now. Enter the newest one, and see that "
                "the clock of the device is right."
            ),
        )
    device = TOTPDevice(user=user, key=key)
    context = {
        "title": gettext("Set up a second factor"),
        "form": form,
        "picture": _drawn(device.config_url),
        "secret": second_factor.as_shown(key),
        "enrolled": enrolled,
        "required": second_factor.is_required(user),
        "codes_left": second_factor.recovery_codes_left(user),
        "next": _onwards(request),
    }
    return _page(request, "enrol", context)


@admin.site.admin_view
@require_POST
def recovery_codes_page(request: HttpRequest) -> HttpResponse:
    """POST: a new list of codes, shown once; the former one is void."""
    if not second_factor.is_enrolled(request.user):
        return redirect("second-factor-enrol")
    return _codes(request)


def _drawn(text: str) -> SafeString:
    """Return a QR code as a part of a page: the content policy takes no picture by `data:`."""
    code = segno.make(text, error="m")
    # Of our own making: nothing of the text is in it but dark squares.
    return mark_safe(code.svg_inline(border=4, omitsize=True, light="#fff"))  # noqa: S308


def _enrolled(request: HttpRequest, device: TOTPDevice) -> HttpResponse:
    del request.session[_PENDING]
    # A new one, since replacing an app ends the sessions of whoever had the former.
    request.session.cycle_key()
    login(request, device)
    lockout.passed(request, device.user.get_username())
    return _codes(request)


def _codes(request: HttpRequest) -> HttpResponse:
    context = {
        "title": gettext("Your recovery codes"),
        "codes": second_factor.new_recovery_codes(request.user),
        "next": _onwards(request),
    }
    return _page(request, "codes", context)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Within the admin's layout; what is on the desk is not told of before it opens."""
    known: Any = request.user
    opened = known.is_verified() or not (
        second_factor.is_enrolled(known) or second_factor.is_required(known)
    )
    layout = {**admin.site.each_context(request), "opened": opened, **context}
    if not opened:
        layout |= {"has_permission": False, "is_nav_sidebar_enabled": False, "available_apps": []}
    return TemplateResponse(request, f"admin/agreements/second_factor/{name}.html", layout)


def _onwards(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return reverse("admin:index")


urlpatterns = [
    path("", verify_page, name="second-factor"),
    path("enrol/", enrol_page, name="second-factor-enrol"),
    path("recovery-codes/", recovery_codes_page, name="second-factor-codes"),
]
