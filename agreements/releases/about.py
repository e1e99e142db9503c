"""What the data set is called, whose it is, and under which licence it may be used."""

NAME = "maritime-agreements"
TITLE = "A cited reference database of maritime bilateral agreements, meetings and exercises"
CONTRIBUTORS = "The coastguard-agreements contributors"
LICENSE_NAME = "CC-BY-4.0"
LICENSE_TITLE = "Creative Commons Attribution 4.0 International"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"
