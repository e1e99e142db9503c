"""Where everything answers."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from agreements.admin.handbook import handbook_page
from agreements.admin.presence import PresenceView
from agreements.admin.queues import front_page, queue_page
from agreements.date_forms import interpret

handler403 = "agreements.pages.errors.forbidden"
handler404 = "agreements.pages.errors.not_found"
handler500 = "coastguard.unavailable.server_error"

urlpatterns = [
    path("admin/handbook/", handbook_page, name="handbook"),
    path("admin/interpret-date/", interpret, name="interpret-date"),
    path("admin/presence/<str:kind>/<int:pk>/", PresenceView.as_view(), name="presence"),
    path("admin/duplicates/", include("agreements.admin.duplicates")),
    path("admin/second-factor/", include("agreements.admin.second_factor")),
    path("admin/pictures/", include("agreements.admin.pictures")),
    path("admin/queues/<str:key>/", queue_page, name="queue"),
    # Before the admin's own, which it adds to.
    path("admin/", front_page, name="front-page"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("agreements.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("agreements.pages.crawlers")),
    path("", include("coastguard.security_txt")),
    # Without a language, each address leads to the reader's (LocaleMiddleware).
    *i18n_patterns(path("", include("agreements.pages.urls"))),
]
