"""The first page."""

from agreements.pages.page import PublicPage


class HomePage(PublicPage):
    """What there is, and the ways in."""

    template_name = "pages/home.html"
