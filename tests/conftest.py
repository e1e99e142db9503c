"""What every test shares: the shipped data, and clients of each role."""

import gc
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import translation

from agreements import kept
from tests.browsers import chromium, windows
from tests.loaded import load_shipped
from tests.servers import preparing, serving

ROOT = Path(__file__).resolve().parent.parent
SLOW = ("browser", "served")


def pytest_configure():
    # Each client has a program of its own; none need list every static file before it answers.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is collected stays to the end: the collector of garbage need not look through it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put modules that start servers and browsers first, so that the last ones are short.

    Workers are given whole modules, in this order.
    """
    size = Counter(item.path for item in items)
    slow = {
        item.path
        for item in items
        if "prepared" in item.fixturenames or any(map(item.get_closest_marker, SLOW))
    }
    items.sort(key=lambda item: (item.path not in slow, -size[item.path], item.path))


@pytest.fixture(autouse=True)
def nothing_kept():
    """No test is given what another one asked for."""
    kept.answers.clear()


@pytest.fixture(autouse=True)
def language():
    """Each test begins in the default language: a request leaves its own behind in its thread.

    And ends in it, for what the next class makes for all of its tests.
    """
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture
def shipped(db):
    """The shipped fixtures, loaded."""
    load_shipped()


@pytest.fixture(scope="class")
def class_database(django_db_setup, django_db_blocker):
    """The database for what a whole class of tests reads; rolled back after its last one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class")
def shipped_for_class(class_database):
    """The shipped fixtures, loaded once for a class."""
    load_shipped()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A database with the shipped records and accounts of every role, for copies to be made of."""
    with preparing(tmp_path_factory.mktemp("prepared")) as made:
        yield made


@pytest.fixture(scope="module")
def site(request, prepared, tmp_path_factory):
    """The address of a server of such a database; each module changes one of its own."""
    # One process is enough for one browser, and starts in half the time.
    workers = 1 if request.node.get_closest_marker("browser") else 2
    with serving(prepared, tmp_path_factory.mktemp("state"), workers) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """Chromium. Not for the session: other tests cannot use the database while it runs."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def sessions(site):
    """The sessions of those who have logged in at a module's server."""
    return {}


@pytest.fixture
def visit(site, browser, sessions):
    """Open windows in which somebody is logged in (see `tests.browsers.windows`)."""
    with windows(browser, site, sessions) as open_window:
        yield open_window


@pytest.fixture
def texts() -> Path:
    """The folder of the documents' texts, where somebody holds them."""
    folder = ROOT / "seeds"
    if not list(folder.glob("*.txt")):
        pytest.skip("the documents' texts are not in seeds/ (they are copyrighted)")
    return folder


@pytest.fixture
def analyst(client, django_user_model):
    """The client of an analyst, who may do everything."""
    client.force_login(django_user_model.objects.create_superuser("analyst"))
    return client
