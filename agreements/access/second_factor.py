"""The second factor: who must have one, and codes of an app or, where it is lost, from a list."""

import re
import secrets
import time
from base64 import b32encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django_otp import verify_token
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from agreements.roles import APPROVE, WITHDRAW

# Whoever may do one of these could let anything out, or anybody in.
_WEIGHTY = (APPROVE, WITHDRAW, *(f"auth.{action}_user" for action in ("add", "change", "delete")))
_RECOVERY_CODES = 10
# Of the alphabet of base 32, so 80 bits: nobody guesses them, and a short hash of one is kept.
_LENGTH = 16
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def is_required(user: Any) -> bool:
    """Whether somebody works with a second factor or not at all: reviewers and administrators."""
    return settings.REQUIRE_SECOND_FACTOR and any(user.has_perm(each) for each in _WEIGHTY)


def device_of(user: Any) -> TOTPDevice | None:
    """Return the app that gives somebody's codes."""
    if isinstance(user, AnonymousUser):
        return None
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).first()


def is_enrolled(user: Any) -> bool:
    """Whether somebody must give a code at each login."""
    return device_of(user) is not None


def new_key() -> str:
    """Return a new secret for an app, in hexadecimal."""
    return random_hex(20)


def as_shown(key: str) -> str:
    """Return the secret as people type it into an app, four letters at a time."""
    text = b32encode(bytes.fromhex(key)).decode()
    return " ".join(re.findall(".{4}", text))


@transaction.atomic
def enrol(user: Any, key: str, code: str) -> TOTPDevice | None:
    """Take an app in the place of what somebody has, if its code is right; else return None."""
    shown = TOTP(bytes.fromhex(key))
    shown.time = time.time()
    digits = _digits(code)
    if not _is_code(digits) or not shown.verify(int(digits), tolerance=1):
        return None
    for former in TOTPDevice.objects.filter(user=user):
        former.delete()
    # That code is used up.
    return TOTPDevice.objects.create(
        user=user, key=key, name="app", confirmed=True, drift=shown.drift, last_t=shown.t()
    )


@transaction.atomic
def new_recovery_codes(user: Any) -> list[str]:
    """Return new codes for whoever loses their app, each good once; those before are void.

    What is kept of each is a hash.
    """
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [
        "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_RECOVERY_CODES)
    ]
    for code in codes:
        device.token_set.create(token=_kept(code))
    return ["-".join(re.findall(".{4}", code)) for code in codes]


def recovery_codes_left(user: Any) -> int:
    """Return how many codes of the list are still good."""
    devices = StaticDevice.objects.filter(user=user, confirmed=True)
    return sum(device.token_set.count() for device in devices)


def verified_by(user: Any, code: str) -> TOTPDevice | None:
    """Return somebody's app if a code of it or of the list is right, which uses the code up.

    django-otp refuses codes for a while after each wrong one, twice as long each time.
    """
    device = device_of(user)
    if device is None:
        return None
    digits = _digits(code)
    if _is_code(digits):
        return device if verify_token(user, device.persistent_id, digits) else None
    listed = StaticDevice.objects.filter(user=user, confirmed=True).first()
    if listed and verify_token(user, listed.persistent_id, _kept(code)):
        return device
    return None


@transaction.atomic
def remove(user: Any) -> bool:
    """Take a second factor away, which ends all sessions; return whether there was one."""
    StaticDevice.objects.filter(user=user).delete()
    return bool(TOTPDevice.objects.filter(user=user).delete()[0])


def those_enrolled(users: Sequence[Any]) -> set[int]:
    """Return which of several accounts have a second factor, by number."""
    held = TOTPDevice.objects.filter(user__in=users, confirmed=True)
    return set(held.values_list("user_id", flat=True))


def _digits(code: str) -> str:
    return re.sub(r"\s", "", code)


def _is_code(digits: str) -> bool:
    return re.fullmatch("[0-9]{6}", digits) is not None


def _kept(code: str) -> str:
    plain = re.sub(r"[\s-]", "", code).lower()
    return b32encode(sha256(plain.encode()).digest()).decode()[:_LENGTH]
