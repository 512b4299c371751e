"""Settings of the plain page: a Django project as `startproject` makes it, with Jinja2, on the product's database."""

from pathlib import Path

from portico.config import settings as product

AUTH_USER_MODEL = product.AUTH_USER_MODEL
DATABASES = product.DATABASES
DEFAULT_AUTO_FIELD = product.DEFAULT_AUTO_FIELD
INSTALLED_APPS = [name for name in product.INSTALLED_APPS if not name.startswith("allauth")]
PORTICO_HOME = product.PORTICO_HOME
SECRET_KEY = product.SECRET_KEY
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "benchmarks.plain.pages"
USE_TZ = True
LANGUAGE_CODE = "en"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {"environment": "benchmarks.plain.pages.environment"},
    },
]
