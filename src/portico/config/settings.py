"""Django's settings. What an operator may set comes from the environment and is described in docs/settings.md."""

import ipaddress
import logging
import os
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext
from django.utils.csp import CSP

from portico.config.addresses import base_address, is_ip_address, portal_domain
from portico.config.file_storage import file_storages, place_of_new_files
from portico.config.home import home, secret_keys, served_url
from portico.config.mailers import demo_mailers, mailers, reply_address, sender, webhook_secret
from portico.config.scanner import clamd_address
from portico.lib import l10n

django_stubs_ext.monkeypatch()


def env_flag(name: str, default: bool) -> bool:
    """Return a yes-or-no setting; anything but the usual words stops the start with one line."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise SystemExit(f"{name} must be yes or no, not {value!r}.")
    return value in {"1", "true", "yes", "on"}


def env_number(name: str, default: int) -> int:
    """Return a setting that counts something; anything but a whole number from 1 stops the start with one line."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdecimal() or int(value) < 1:
        raise SystemExit(f"{name} must be a whole number from 1, not {value!r}.")
    return int(value)


def env_list(name: str) -> list[str]:
    """Return a comma-separated setting as a list, without empty parts."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


PACKAGE = Path(__file__).resolve().parent.parent
PORTICO_HOME = home()

# Where people and programs find this installation. Links are built from it, never from a request.
PORTICO_BASE_URL = (os.environ.get("PORTICO_BASE_URL") or served_url(PORTICO_HOME)).rstrip("/")
# Businesses answer at {slug}.<this domain> when it is set.
PORTICO_PORTAL_DOMAIN = portal_domain(os.environ.get("PORTICO_PORTAL_DOMAIN", ""))
# Who is asked about businesses' own domains, as address or address:port; the system's resolver when none is set.
PORTICO_DNS_SERVERS = env_list("PORTICO_DNS_SERVERS")
for _server in PORTICO_DNS_SERVERS:
    _host, _, _port = _server.rpartition(":") if _server.count(":") == 1 else (_server, "", "53")
    if not _port.isdecimal() or not is_ip_address(_host):
        raise SystemExit(f"PORTICO_DNS_SERVERS holds {_server!r}, which is no address with or without a port.")
# What a proxy on another machine adds when it asks which names it may have certificates for.
PORTICO_TLS_ASK_TOKEN = os.environ.get("PORTICO_TLS_ASK_TOKEN", "").strip()
# Proxies whose X-Forwarded-* headers are believed, by address or network.
PORTICO_TRUSTED_PROXIES = env_list("PORTICO_TRUSTED_PROXIES")
for _proxy in PORTICO_TRUSTED_PROXIES:
    try:
        ipaddress.ip_network(_proxy, strict=False)
    except ValueError:
        raise SystemExit(f"PORTICO_TRUSTED_PROXIES holds {_proxy!r}, which is no address or network.") from None

_base = base_address(PORTICO_BASE_URL)
PORTICO_BASE_HOST = (_base.hostname or "").lower()
PORTICO_HTTPS = _base.scheme == "https"

SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys(PORTICO_HOME)
DEBUG = False
# Hosts are checked by portico.config.hosts, which knows the businesses' own names too.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [PORTICO_BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_tasks_db",
    "portico.domain.search",
    "portico.domain.activity",
    "portico.domain.businesses",
    "portico.domain.branding",
    "portico.domain.custom_domains",
    "portico.domain.files",
    "portico.domain.customers",
    "portico.domain.access",
    "portico.domain.ledger",
    "portico.domain.documents",
    "portico.domain.conversations",
    "portico.domain.payments",
    "portico.domain.merges",
    "portico.output.mail",
    "portico.jobs",
    "portico.web.shared",
]

# Portal and API requests leave the staff-only layers out: see portico.config.hosts.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portico.config.compression.PageCompressionMiddleware",
    "portico.config.hosts.HostMiddleware",
    "portico.config.outages.answer_outages",
    # Before all that only a page needs. A 304 has no policy: the kept page's scripts bear the nonce it was kept with.
    "portico.web.portal.core.etag.answer_unchanged",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "portico.config.hosts.staff_sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portico.config.hosts.staff_authentication",
    "portico.config.hosts.staff_messages",
    "allauth.account.middleware.AccountMiddleware",
    "portico.web.portal.core.refusal_pages.RefusalMiddleware",
    "portico.web.portal.core.link_preview.LinkPreviewMiddleware",
]

ROOT_URLCONF = "portico.config.urls"
WSGI_APPLICATION = "portico.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [
            PACKAGE / "web" / "shared" / "templates",
            *sorted((PACKAGE / "web").glob("*/*/templates")),
            PACKAGE / "gateways" / "sandbox" / "templates",
        ],
        "OPTIONS": {"environment": "portico.web.shared.jinja.environment"},
    },
    {
        # allauth and Django's own forms bring templates in Django's language; ours are all Jinja2.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
            ]
        },
    },
]


_NO_DATABASE = "DATABASE_URL must name a database: postgresql://user:password@host/name, or sqlite:///path."


def database() -> dict[str, Any]:
    """Return the database's settings: SQLite in the home folder, or what DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        url = f"sqlite:///{PORTICO_HOME / 'portico.sqlite3'}"
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        raise SystemExit(_NO_DATABASE) from None
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"] == "django.db.backends.sqlite3":
        # Each thread keeps its connection, with 8 MB of cache: opening one costs more than a page's queries. After an
        # hour it takes a new one, which knows the newest statistics.
        config["CONN_MAX_AGE"] = 3600
        options |= {
            # Writers queue at BEGIN instead of failing at COMMIT; this is what row locks are on PostgreSQL.
            "transaction_mode": "IMMEDIATE",
            # A writer waits this long for others, in seconds, and is answered 503 then.
            "timeout": 4,
            # FULL: what was answered survives a power cut, not only a killed process.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
            " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
        }
    elif config["ENGINE"] == "django.db.backends.postgresql":
        # A database that is away is noticed in two seconds, and so is its return: the pool would wait ever longer.
        pool = {"min_size": 1, "max_size": 16, "timeout": 2, "reconnect_timeout": 2}
        options.setdefault("pool", pool)
        # A connection that was lost while nobody used it is replaced, instead of failing the next request.
        config["CONN_HEALTH_CHECKS"] = True
        options.setdefault("connect_timeout", 3)
        options.setdefault("tcp_user_timeout", 4000)
        # Also when DATABASE_URL asks for it: bound by the server, a large amount in a sum wraps at 32 bits.
        options["server_side_binding"] = False
    else:
        raise SystemExit(_NO_DATABASE)
    return config


DATABASES = {"default": database()}
_ON_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"

# Processes that answer requests, and the threads of each. SQLite has one writer at a time: one process serves it best.
PORTICO_WORKERS = env_number("PORTICO_WORKERS", 1 if _ON_SQLITE else min(4, os.cpu_count() or 1))
# More of them wait for each other more than they answer; fewer, and two long downloads would hold up everybody.
PORTICO_THREADS = env_number("PORTICO_THREADS", 4)
PORTICO_ACCESS_LOG = env_flag("PORTICO_ACCESS_LOG", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "businesses.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "portico.web.dashboard.team.sign_in.ClosedAdapter"
ACCOUNT_SESSION_REMEMBER = False
# Minutes for which who has just confirmed who they are is believed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "portico.web.dashboard.team.second_factor_adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Portico"
# A phone's clock may be off by half a minute.
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTICO_HTTPS
SESSION_COOKIE_NAME = "__Host-portico-staff" if PORTICO_HTTPS else "portico-staff"
CSRF_COOKIE_NAME = "__Host-portico-csrf" if PORTICO_HTTPS else "portico-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portico.web.shared.failures.csrf_failure"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PORTICO_HTTPS else 0
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.NONCE, CSP.STRICT_DYNAMIC],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# Every path is spelled exactly one way: a redirect would turn a program's POST into an empty GET.
APPEND_SLASH = False

LANGUAGE_CODE = "en"
LANGUAGES = [*l10n.LANGUAGES.items()]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PORTICO_HOME / "static"
# Where new files are kept: in the folder of this machine, or in a bucket of S3.
PORTICO_FILES = place_of_new_files(os.environ)
STORAGES: dict[str, dict[str, Any]] = {
    **file_storages(PORTICO_FILES, PORTICO_HOME / "files", os.environ),
    "staticfiles": {"BACKEND": "portico.web.shared.assets.AssetStorage"},
}

# Who looks at files for viruses before they are kept, or None: then nobody does.
PORTICO_CLAMD = clamd_address(os.environ.get("PORTICO_CLAMD", "").strip())

# A demonstration's mail goes nowhere; it can be looked at in the dashboard. `portico demo` sets this.
PORTICO_DEMO = env_flag("PORTICO_DEMO", default=False)
PORTICO_EMAIL_FROM = sender(os.environ.get("PORTICO_EMAIL_FROM", "").strip(), PORTICO_BASE_HOST)
PORTICO_REPLY_ADDRESS = reply_address(os.environ.get("PORTICO_REPLY_ADDRESS", "").strip())
# How many mails go out in a minute at most, by all workers together; 0: as many as there are.
PORTICO_MAIL_PER_MINUTE = env_number("PORTICO_MAIL_PER_MINUTE", 0)
# What mail providers prove their notices with.
ANYMAIL = {
    "WEBHOOK_SECRET": webhook_secret(os.environ.get("PORTICO_MAIL_WEBHOOK_SECRET", "").strip()),
    "MAILGUN_WEBHOOK_SIGNING_KEY": os.environ.get("PORTICO_MAILGUN_SIGNING_KEY", "").strip(),
}
MAILERS = demo_mailers() if PORTICO_DEMO else mailers(os.environ.get("PORTICO_EMAIL_URL", "").strip())

# No mail server is allowed: what would have been sent is logged.
SILENCED_SYSTEM_CHECKS = ["mail.W001"]

# The payment gateways a business can choose from; other packages add theirs by an entry point.
PORTICO_GATEWAYS = [
    "portico.gateways.sandbox.gateway.SandboxGateway",
    "portico.gateways.stripe.gateway.StripeGateway",
    "portico.gateways.manual.gateway.ManualGateway",
]
# Where the sandbox's bank answers when it is a server of its own; empty: it is part of this process.
PORTICO_SANDBOX_URL = os.environ.get("PORTICO_SANDBOX_URL", "").strip()
# Where Stripe's API and its script for the pay page are. The script is the release that goes with the library's API.
PORTICO_STRIPE_API_URL = os.environ.get("PORTICO_STRIPE_API_URL", "").strip() or "https://api.stripe.com"
PORTICO_STRIPE_JS_URL = os.environ.get("PORTICO_STRIPE_JS_URL", "").strip() or "https://js.stripe.com/endive/stripe.js"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# What staff sign-in counts its tries in: in files, so that the limit holds over all web processes of this machine.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(PORTICO_HOME / "cache" / "counts"),
    }
}

# No more of a file reaches the disk than may be kept, whatever is sent.
FILE_UPLOAD_HANDLERS = [
    "portico.web.shared.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# An import of the largest e-invoice we accept arrives through the command line; a page's form never needs more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

PORTICO_LOG_LEVEL = (os.environ.get("PORTICO_LOG_LEVEL") or "info").upper()
if PORTICO_LOG_LEVEL not in logging.getLevelNamesMapping():
    raise SystemExit(f"PORTICO_LOG_LEVEL must be debug, info, warning or error, not {PORTICO_LOG_LEVEL.lower()!r}.")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "masked": {
            "()": "portico.config.masking.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["console"], "level": PORTICO_LOG_LEVEL},
    # Refused requests are in the access log; here they would only be said twice.
    "loggers": {
        "django": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django_tasks_db": {"level": "WARNING"},
        # They tell of every request, botocore with what proves it.
        "stripe": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        # It warns of every connection it can't make; portico.lib.faults says once that there is none.
        "psycopg.pool": {"level": "ERROR"},
    },
}
