"""The WSGI entry point: `granian --interface wsgi coastguard.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from agreements.intake.language import identifier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

application = get_wsgi_application()

# Learnt once as a server starts, and not while somebody waits for their first answer, or for their
# first text to be read.
_ = get_resolver().url_patterns
identifier()

# What the program is made of stays: the collector need not look through it again in a request.
gc.collect()
gc.freeze()
