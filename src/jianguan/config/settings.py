"""Django settings, all of them derived from the checked environment."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from jianguan.config import demonstration, environment
from jianguan.config.packs_folder import shipped_packs

ENVIRONMENT = environment.load()
PACKAGE = Path(__file__).parents[1]

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()
ALLOWED_HOSTS = [
    urlsplit(ENVIRONMENT.base_url).hostname or "",
    "localhost",
    "127.0.0.1",
    *ENVIRONMENT.allowed_hosts,
]
ROOT_URLCONF = "jianguan.config.urls"
WSGI_APPLICATION = "jianguan.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["jianguan.platform.accounts.sessions.Backend"]

# The rooms of the house, floor by floor from the ground (docs/architecture.md).
PLATFORM = [
    "accounts",
    "regions",
    "workdays",
    "journal",
    "documents",
    "notices",
    "jobs",
    "numbering",
    "commands",
    "web",
]
REGISTRY = ["dictionaries", "enterprises", "people", "projects"]
LICENSING = [
    "process",
    "promises",
    "rules",
    "forms",
    "matters",
    "certificates",
    "archives",
    "duties",
    "workshop",
    "proceedings",
    "packages",
]
SITES = ["oversight", "inspections"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    *(f"jianguan.platform.{room}" for room in PLATFORM),
    *(f"jianguan.registry.{room}" for room in REGISTRY),
    *(f"jianguan.licensing.{room}" for room in LICENSING),
    *(f"jianguan.sites.{room}" for room in SITES),
    "jianguan.portal",
    "jianguan.workbench",
]

MIDDLEWARE = [
    "jianguan.platform.web.middleware.VisitorAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jianguan.platform.web.middleware.ContentSecurity",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jianguan.platform.web.middleware.PlainText",
    "jianguan.platform.web.middleware.RefusalPages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "jianguan.platform.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "jianguan.platform.web.templatetags.web"],
        },
    }
]

_connection = conninfo_to_dict(ENVIRONMENT.database_url)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _connection.pop("dbname", None),
        "USER": _connection.pop("user", None),
        "PASSWORD": _connection.pop("password", None),
        "HOST": _connection.pop("host", None),
        "PORT": _connection.pop("port", None),
        "OPTIONS": _connection  # what else the address asks for, above all sslmode
        | ({"pool": {"min_size": 0, "max_size": 16}} if ENVIRONMENT.mode != "test" else {}),
    }
}

# --- languages and places
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [PACKAGE / "kernel" / "locale", PACKAGE / "platform" / "locale"]  # what stands in no room
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["jianguan.platform.web.formats"]
USE_THOUSAND_SEPARATOR = False

# --- people
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT.mode == "test":  # a slow hash would only slow the tests down
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEMONSTRATION_PASSWORD = demonstration.password() if ENVIRONMENT.mode == "demo" else ""
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/home/"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.base_url]
CSRF_FAILURE_VIEW = "jianguan.platform.web.pages.expired_form"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.secure else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if ENVIRONMENT.secure else None
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.secure else None

# --- files
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
PACKS_ROOT = shipped_packs()
DOCUMENTS_ROOT = ENVIRONMENT.var / "documents"
KEYS_ROOT = ENVIRONMENT.var / "keys"
STORAGES = {
    "default": {
        "BACKEND": "jianguan.platform.documents.storage.ContentAddressedStorage",
        "OPTIONS": {"location": DOCUMENTS_ROOT, "file_permissions_mode": 0o440},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
UPLOAD_LIMIT = ENVIRONMENT.upload_limit_mb * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # form fields; files are streamed to disk and limited by UPLOAD_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- messages of the programme itself
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"jianguan": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}},
}
