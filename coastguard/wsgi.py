"""The WSGI entry point: `gunicorn coastguard.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

application = get_wsgi_application()
