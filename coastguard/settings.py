"""Settings, from the environment.

In a checkout nothing needs to be set: an SQLite database and a secret of its own are kept in
`var/`. With COASTGUARD_ENV=production every secret must be given and HTTPS is enforced.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from coastguard import environment

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(environment.text("COASTGUARD_STATE", str(BASE_DIR / "var")))

ENVIRONMENT = environment.text("COASTGUARD_ENV", "local")
if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured("COASTGUARD_ENV must be 'local' or 'production'.")
PRODUCTION = ENVIRONMENT == "production"

DEBUG = environment.flag("DEBUG")
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG cannot be on in production.")
    SECRET_KEY = environment.secret("SECRET_KEY")
    ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
    environment.required("DATABASE_URL")
else:
    SECRET_KEY = environment.text("SECRET_KEY") or environment.local_secret(
        STATE_DIR / "secret-key"
    )
    ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]

# How many proxies stand between readers and this server, each of which adds to X-Forwarded-For whom
# it heard it from, see client_address.py. Without any, that header is not read.
TRUSTED_PROXIES = int(environment.number("TRUSTED_PROXIES", default=0, low=0, high=10))

INSTALLED_APPS = [
    "agreements.apps.AgreementsConfig",
    "coastguard.desk_site.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "import_export",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    # Outside of all that answers, whoever does.
    "coastguard.headers.browser_headers",
    # What follows answers within a request that has an id.
    "coastguard.access_log.log_requests",
    # Before what looks at the host or leads to HTTPS.
    "coastguard.probes.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before anything is looked up, and where what is served from a folder is out already.
    "coastguard.throttling.Throttle",
    "coastguard.middleware.refuse_undecodable",
    # Outside of all that answers readers: it chooses what they read from, and may ask twice.
    "coastguard.replicas.ReadFromReplicas",
    "coastguard.unavailable.AnswerUnavailable",
    "coastguard.slow.LimitQueries",
    # As far out as what depends on no reader: what it gives again passes by all that follows.
    "agreements.kept.kept_answers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "coastguard.middleware.LanguageMiddleware",
    "coastguard.middleware.ConditionalUnlessAnswered",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "coastguard.access.SessionsInUse",
    "coastguard.access.SecondFactor",
    "coastguard.access.RowsOfTheDesk",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "coastguard.urls"
WSGI_APPLICATION = "coastguard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "libraries": {"pages": "agreements.pages.tags"},
        },
    },
]

FORM_RENDERER = "agreements.form_renderer.DeskRenderer"

# A record is posted whole: its citations, of up to twelve fields each, among them. This is enough
# for 1,500 of them, and few enough that a form of nonsense is read in a blink.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# IMMEDIATE takes the write lock when a transaction begins, so that two writers queue instead of
# failing half-way; with WAL, readers are never blocked by them. The queue is not in turn, so that
# among many writers one may wait for long, in seconds.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    # So that INSERT OR REPLACE cannot pass by the triggers that keep the ledger.
    " PRAGMA recursive_triggers=ON;",
}

# A server that went away without a word is given up after seconds, not after the quarter of an
# hour that TCP would wait.
POSTGRES_OPTIONS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


NO_DATABASE = (
    "DATABASE_URL must be postgres://user:password@host:port/name, or sqlite:////path/to/file."
)
# A database in memory is gone with the process, and each process has its own.
NO_FILE = ("", ":memory:")


def database(url: str) -> dict[str, Any]:
    """Return the settings of a database; raise on what is none that the program works on."""
    try:
        found: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        )
    except ValueError as error:
        # What was given is not told: a password is in it.
        raise ImproperlyConfigured(NO_DATABASE) from error
    if not found["ENGINE"].endswith(("sqlite3", "postgresql")) or found["NAME"] in NO_FILE:
        raise ImproperlyConfigured(NO_DATABASE)
    if found["ENGINE"].endswith("sqlite3"):
        found["OPTIONS"] = SQLITE_OPTIONS
    else:
        found["OPTIONS"] = {**POSTGRES_OPTIONS, **found.get("OPTIONS", {})}
    return found


DATABASES = {
    "default": database(
        environment.text("DATABASE_URL") or f"sqlite:///{STATE_DIR / 'coastguard.sqlite3'}"
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    STATE_DIR.mkdir(parents=True, exist_ok=True)

# Streaming replicas, which public reads are answered from as long as they are near enough.
REPLICAS = []
for number, url in enumerate(environment.words("REPLICA_URLS"), 1):
    REPLICAS.append(f"replica-{number}")
    DATABASES[REPLICAS[-1]] = {**database(url), "TEST": {"MIRROR": "default"}}
if REPLICAS:
    DATABASE_ROUTERS = ["coastguard.replicas.LedgerRouter"]
    if not all(each["ENGINE"].endswith("postgresql") for each in DATABASES.values()):
        raise ImproperlyConfigured(
            "REPLICA_URLS names replicas of PostgreSQL; DATABASE_URL and each of them must be "
            "postgres://…"
        )
# Seconds; one that may be further behind is not read from. The second is for while the primary does
# not answer: nothing is published then, as far as anybody knows.
REPLICA_MAX_LAG = environment.number("REPLICA_MAX_LAG", default=5, low=2, high=600)
REPLICA_MAX_LAG_ALONE = environment.number("REPLICA_MAX_LAG_ALONE", default=60, low=0, high=3600)

# The roles of PostgreSQL that are given what they need after each `migrate`, which is run as the
# owner of the tables: one that serves, and one that reads what is public. See database_roles.py.
WEB_ROLE = environment.role("WEB_ROLE")
READER_ROLE = environment.role("READER_ROLE")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "agreements.access.lockout.Backend",
    "django.contrib.auth.backends.ModelBackend",
]
# Whoever had so many wrong passwords or codes is refused for a while, right ones too: of an account
# from one address; of an account from addresses that it never logged in from; of all accounts from
# one address.
AXES_FAILURE_LIMIT = int(environment.number("LOCKOUT_TRIES", default=5, low=1, high=100))
LOCKOUT_TRIES_OF_ACCOUNT = 20 * AXES_FAILURE_LIMIT
LOCKOUT_TRIES_OF_ADDRESS = 10 * AXES_FAILURE_LIMIT
AXES_COOLOFF_TIME = timedelta(
    minutes=environment.number("LOCKOUT_MINUTES", default=15, low=1, high=1440)
)
AXES_HANDLER = "agreements.access.lockout.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "coastguard.client_address.counted_address"
AXES_LOCKOUT_CALLABLE = "agreements.admin.locked_out.locked_page"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Whether reviewers and administrators must show a second factor. Whoever has one always must.
REQUIRE_SECOND_FACTOR = environment.flag("REQUIRE_SECOND_FACTOR", default=PRODUCTION)
OTP_TOTP_ISSUER = environment.text("OTP_ISSUER", "Maritime agreements")

# Sessions end on the server: so many minutes after they were used last, and so many hours after
# they began.
SESSION_ENGINE = "agreements.access.store"
SESSION_COOKIE_AGE = 60 * int(
    environment.number("SESSION_IDLE_MINUTES", default=120 if PRODUCTION else 720, low=5, high=1440)
)
SESSION_ABSOLUTE_AGE = 3600 * int(
    environment.number("SESSION_HOURS", default=12 if PRODUCTION else 24, low=1, high=168)
)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("vi", _("Vietnamese"))]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
# Collected files are served in production only; elsewhere each app's own folder is.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
# They are for our own pages.
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

if PRODUCTION or TRUSTED_PROXIES:
    # HTTPS ends before this server: the proxy says so.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Browsers take these from this host over HTTPS alone; no neighbouring host can set them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"]
    LANGUAGE_COOKIE_SECURE = True
# Forms hold the token; no script reads a cookie.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "agreements.pages.errors.forged"
X_FRAME_OPTIONS = "DENY"

# Seconds after which a statement is given up, see slow.py: of readers, and on the desk.
QUERY_SECONDS = environment.number("QUERY_SECONDS", default=15, low=0.1, high=3600)
DESK_QUERY_SECONDS = environment.number("DESK_QUERY_SECONDS", default=60, low=0.1, high=3600)
# Requests a minute of one address, in each server process, see throttling.py; 0 is any number. In
# production there is a proxy before the server, and without TRUSTED_PROXIES all who come through
# it have one address.
THROTTLE = int(
    environment.number(
        "THROTTLE", default=1200 if PRODUCTION and TRUSTED_PROXIES else 0, low=0, high=1_000_000
    )
)

# The memory that each server process gives to answers that are asked for again, see kept.py.
KEPT_ANSWERS_BYTES = int(
    environment.number("KEPT_ANSWERS_MB", default=64, low=0, high=100_000) * 1024 * 1024
)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["agreements.api.rendering.StoredJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "agreements.api.schema.LedgerSchema",
    "EXCEPTION_HANDLER": "agreements.api.problems.problem_response",
    "URL_FORMAT_OVERRIDE": "format",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Maritime bilateral agreements",
    "DESCRIPTION": (BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8"),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "LICENSE": {
        "name": "CC BY 4.0 (data)",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    },
    "TAGS": [
        {"name": name, "description": description}
        for name, description in {
            "engagements": "Agreements, meetings and exercises together: the timeline.",
            "agreements": "Instruments that sides agreed or negotiate.",
            "meetings": "Talks, conferences and visits at every level.",
            "exercises": "What was done together: patrols, drills, ship visits, courses.",
            "stats": "How many engagements there are, by one thing or by two.",
            "totals": "Counts that documents claim, against what is recorded.",
            "forces": "Bodies that act for a state, with their names in every language held.",
            "countries": "States, by their ISO 3166 codes.",
            "series": "Numbered or recurring runs of engagements.",
            "topics": "What the cooperation is about.",
            "documents": "The sources, by their particulars, and the records that cite them.",
            "changes": "Everything that was published, in the order in which it was written.",
            "releases": "Frozen data sets, the same byte for byte for ever.",
            "root": "Where everything is.",
        }.items()
    ],
    "SERVERS": [{"url": "/", "description": "This host"}],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["agreements.api.enumerations.name_enumerations"],
}

# Whether a lone analyst may approve records that they edited last.
ALLOW_SELF_APPROVAL = environment.flag("ALLOW_SELF_APPROVAL")

SEEDS_DIR = BASE_DIR / "seeds"
FIXTURES_DIR = BASE_DIR / "fixtures"
# The files of releases. Several servers share one folder, as they share one database.
RELEASES_DIR = Path(environment.text("RELEASES_DIR", str(STATE_DIR / "releases")))

# Whom to tell of a hole, see security_txt.py: mailto:…, tel:… or https://…
SECURITY_CONTACT = environment.address("SECURITY_CONTACT", "mailto:", "tel:", "https://")
SECURITY_POLICY = environment.address("SECURITY_POLICY", "https://")

# In production a line of JSON for each request and for each fault; elsewhere faults as text.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "coastguard.log_lines.Line"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            **({"formatter": "line"} if PRODUCTION else {}),
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "coastguard.access": {"level": "INFO" if PRODUCTION else "WARNING"},
        # Refusals have their line already; this is for what failed.
        "django.request": {"level": "ERROR" if PRODUCTION else "WARNING"},
    },
}

if PRODUCTION:
    environment.refuse_slips()
    # Warnings are lines of the log, too.
    logging.captureWarnings(True)
