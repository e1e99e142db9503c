"""The WSGI entry point: `granian --interface wsgi coastguard.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from agreements.intake.language import identifier

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")

# A proxy on this machine says for whom it asks, and whether that one came by HTTPS.
application = wrap_wsgi_with_proxy_headers(get_wsgi_application(), trusted_hosts="127.0.0.1")

# Learnt once as a server starts, and not while somebody waits for their first answer, or for their
# first text to be read.
_ = get_resolver().url_patterns
identifier()

# What the program is made of stays: the collector need not look through it again in a request.
gc.collect()
gc.freeze()
