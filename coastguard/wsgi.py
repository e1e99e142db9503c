"""The WSGI entry point: `granian --interface wsgi coastguard.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from agreements.intake.language import identifier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

application = get_wsgi_application()

# Learnt once as a server starts, and not while somebody waits for their first text to be read.
identifier()
