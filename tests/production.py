"""The settings of production, with static files where they are in a checkout: uncollected."""

from coastguard.settings import *  # noqa: F403
from coastguard.settings import STORAGES

STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
