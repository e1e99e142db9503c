"""Where pages are, in each language and in none, and where the API has the same."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.translation import override


def with_query(path: str, query: dict[str, Any] | QueryDict) -> str:
    """Return a path with a query; values that are None or empty are left out."""
    if isinstance(query, QueryDict):
        encoded = query.urlencode()
    else:
        given = {name: value for name, value in query.items() if value not in (None, "", [])}
        encoded = urlencode(given, doseq=True)
    return f"{path}?{encoded}" if encoded else path


def address(name: str, *args: Any, **query: Any) -> str:
    """Return the address of a page, named as in `pages.urls`, in the language now active."""
    return with_query(reverse(f"pages:{name}", args=args), query)


def in_language(language: str, name: str, args: Any, kwargs: Any) -> str:
    """Return the path of a page in a language."""
    with override(language):
        return reverse(name, args=args, kwargs=kwargs)


def neutral(path: str) -> str:
    """Return the path of a page without its language: it leads each reader to theirs."""
    prefix = get_script_prefix()
    return prefix + path.removeprefix(prefix).partition("/")[2]


def permalink(request: HttpRequest, kind: str, slug: str, revision: int | None = None) -> str:
    """Return the whole address of a record or of a revision, in no language."""
    args = (kind, slug) if revision is None else (kind, slug, revision)
    path = reverse(f"pages:{'record' if revision is None else 'revision'}", args=args)
    return request.build_absolute_uri(neutral(path))


def api_path(*parts: str) -> str:
    """Return the API's path of a list, by its name, or with a slug, of a record."""
    return "".join((reverse("api-root"), *(f"{part}/" for part in parts)))
