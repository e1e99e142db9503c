"""The entry point of the plain peer."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain.settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
