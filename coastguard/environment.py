"""Reading the environment: once, at start, refusing what is not understood."""

import os
import re
import secrets
from difflib import get_close_matches
from pathlib import Path

from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}
# What Django makes for a new project, and what stands in instructions.
_NO_SECRETS = (SECRET_KEY_INSECURE_PREFIX, "change", "example", "your-")
_HOST = re.compile(r"\.?(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# So alike are two names of which one is a slip.
_ALIKE = 0.88

# The variables that were asked for so far.
asked: set[str] = set()


def text(name: str, default: str = "") -> str:
    """Return a variable as it is; the default where it is not set, or set to nothing."""
    asked.add(name)
    return os.environ.get(name) or default


def flag(name: str, default: bool = False) -> bool:
    """Return the truth of an environment variable; raise on a value that is neither."""
    asked.add(name)
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def words(name: str) -> list[str]:
    """Return the words of a variable, with commas or spaces between; none where it is not set."""
    return [word for word in re.split(r"[,\s]+", text(name)) if word]


def number(name: str, default: float, low: float, high: float) -> float:
    """Return a number from the environment; raise on what is none or out of bounds."""
    value = text(name, str(default))
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not low <= found <= high:
        raise ImproperlyConfigured(f"{name} must be from {low:g} to {high:g}, not {value!r}.")
    return found


def required(name: str) -> str:
    """Return a variable that production cannot do without."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: it has no default in production.")
    return value


def secret(name: str) -> str:
    """Return a secret that nobody can guess; raise on one that is short, or known from examples."""
    value = required(name)
    weak = (
        len(value) < SECRET_KEY_MIN_LENGTH
        or len(set(value)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
        or value.lower().startswith(_NO_SECRETS)
    )
    if weak:
        # The value itself is not told: it would stand in logs.
        raise ImproperlyConfigured(
            f"{name} can be guessed: set {SECRET_KEY_MIN_LENGTH} random characters or more, as "
            "from python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
        )
    return value


def hosts(name: str) -> list[str]:
    """Return the names of the hosts that a service answers to; raise on what is none, or all."""
    required(name)
    found = words(name)
    wrong = [host for host in found if not _HOST.fullmatch(host)]
    if wrong or not found:
        raise ImproperlyConfigured(
            f"{name} must be host names with commas between, as agreements.example.org (with a "
            f"dot before it, also of all below it), without scheme, port or *; not {wrong}."
        )
    return found


def address(name: str, *schemes: str) -> str:
    """Return an address of one of some schemes; "" where it is not set."""
    value = text(name)
    if value and not (value.startswith(schemes) and value.isprintable() and " " not in value):
        raise ImproperlyConfigured(
            f"{name} must be an address that begins with {' or '.join(schemes)}, not {value!r}."
        )
    return value


def role(name: str) -> str:
    """Return the name of a role of PostgreSQL; "" where it is not set."""
    value = text(name)
    if value and not _ROLE.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be the name of a role, of a-z, 0-9 and _; not {value!r}."
        )
    return value


def refuse_slips() -> None:
    """Raise on a variable that is hardly called otherwise than one that is asked for and not set.

    Called once all have been asked for: what is misspelt would silently keep its default.
    """
    unset = [name for name in asked if name not in os.environ]
    for name in sorted(set(os.environ) - asked):
        alike = get_close_matches(name, unset, 1, _ALIKE)
        if alike:
            raise ImproperlyConfigured(f"{name} is not known: {alike[0]} is, and is not set.")


def local_secret(path: Path) -> str:
    """Return the checkout's own secret, made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # A link, not a rename: whoever comes second keeps the first one's secret.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
