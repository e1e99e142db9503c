"""How long the pages of an import take with a data set of 3,700 exercises, up to 39 parties each.

COASTGUARD_STATE=/tmp/bench .venv/bin/python manage.py migrate
COASTGUARD_STATE=/tmp/bench .venv/bin/python -m bench.foreign_import
"""

import os
import re
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from agreements.models import Exercise  # noqa: E402
from tests import test_foreign_import as user  # noqa: E402
from tests.foreign_files import exercises  # noqa: E402


def main(rows: int) -> None:
    """Print the seconds that each page takes: the first time, and the second."""
    setup_test_environment()
    client = Client()
    client.force_login(User.objects.create_superuser(f"bench-{time.time_ns()}"))
    content = exercises(rows)

    def timed(what: str, act):
        start = time.perf_counter()
        page = act()
        print(f"{what:32} {time.perf_counter() - start:6.2f} s")
        return page

    page = timed("file, and what it is", lambda: user.begin(client, content))
    use = user._use(page, "xtype")
    page = timed("columns", lambda: user.send(client, page, "columns_form", **{use: "activity"}))
    page = timed("values", lambda: user.send(client, page, "values_form", **user.values_of(page)))
    check = timed("countries, and the check", lambda: user.decide(client, page))
    path = check.request["PATH_INFO"]
    shown = timed("preview", lambda: client.post(path, {"_preview": "1"}, follow=True))
    agreed = re.search(r'name="_agreed" value="(\w+)"', shown.content.decode())[1]
    path = shown.request["PATH_INFO"]
    timed("storing", lambda: client.post(path, {"_agreed": agreed}, follow=True))
    print(Exercise.objects.count(), "exercises")
    check = timed("the same file again, the check", lambda: user.upload(client, content))
    print(check.context["counts"])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3700)
