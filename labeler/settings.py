"""Django settings. Everything an operator may change comes from the environment (see README, "Settings")."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from labeler.lib.embedded_redis import last_embedded_url
from labeler.lib.env import (
    BASE_DIR,
    data_dir,
    flag_from_env,
    list_from_env,
    path_list_from_env,
    secret_key,
)
from labeler.settings_accounts import *  # noqa: F403  # Django reads one flat module

DATA_DIR = data_dir()
MEDIA_ROOT = DATA_DIR / "media"
try:
    SECRET_KEY = secret_key(DATA_DIR)
except OSError as error:
    raise SystemExit(
        f"The folder {DATA_DIR} cannot be written: {error.strerror}. Set DATA_DIR to another one."
    ) from error
DEBUG = flag_from_env("DEBUG")
ALLOWED_HOSTS = list_from_env("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = list_from_env("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "labeler.accounts",  # before allauth: its texts of e-mails take the place of the library's
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "ninja",  # serves the script of /api/v1/docs from here, which the content security policy asks for
    "labeler.jobs",
    "labeler.webhooks",
    "labeler.datasets",
    "labeler.annotations",
    "labeler.results",
    "labeler.exports",
    "worker",  # for its management commands; the web side never imports it
]

MIDDLEWARE = [
    "labeler.lib.security.SecurityHeadersMiddleware",
    "labeler.errors.problems_for_refused_methods",
    "labeler.accounts.guard.guard_sign_in",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "labeler.urls"
ASGI_APPLICATION = "labeler.asgi.application"
TEMPLATES: list[dict[str, Any]] = [  # for /api/v1/docs and e-mail
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# Database ---------------------------------------------------------------------------------------

DATABASE_URL = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
DATABASES: dict[str, Any] = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-32000;"
        ),
        # A transaction that will write takes the write lock at its start: it waits its turn instead of
        # failing with "database is locked" when it upgrades from a read.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
    DATABASES["default"]["CONN_MAX_AGE"] = 0
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cookies and TLS (accounts: settings_accounts.py) --------------------------------------------------

HTTPS_ONLY = flag_from_env("HTTPS_ONLY")
SESSION_COOKIE_NAME = "labeler_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_NAME = "labeler_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_FAILURE_VIEW = "labeler.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Redis: broker, channel layer, cache ---------------------------------------------------------------

REDIS_URL = os.environ.get("REDIS_URL") or last_embedded_url(DATA_DIR) or "redis://127.0.0.1:6379/0"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "labeler"},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 3, "interval_start": 0.1, "interval_step": 0.3}
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "sweep_jobs", "schedule": 15.0, "options": {"expires": 15.0, "queue": "cpu"}},
    "sweep-webhooks": {
        "task": "sweep_webhooks",
        "schedule": 10.0,
        "options": {"expires": 10.0, "queue": "cpu"},
    },
    "clean-up-storage": {
        "task": "clean_up_storage",
        "schedule": 3600.0,
        "options": {"expires": 3600.0, "queue": "cpu"},
    },
}
JOB_HEARTBEAT_TIMEOUT_S = float(os.environ.get("JOB_HEARTBEAT_TIMEOUT_S", "30"))

# Files ------------------------------------------------------------------------------------------------

FRONTEND_DIST = Path(os.environ.get("FRONTEND_DIST") or BASE_DIR / "frontend" / "dist")
STATIC_URL = "/static/"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/.+-[\w-]{8}\.\w+$"  # names that the build hashes
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 2_000
FILE_UPLOAD_TEMP_DIR = None

WEIGHTS_DIRS = [*path_list_from_env("LABELER_WEIGHTS_DIR"), DATA_DIR / "weights"]
WEIGHTS_DOWNLOAD = flag_from_env("LABELER_WEIGHTS_DOWNLOAD", default=True)
WEIGHTS_URL = os.environ.get("LABELER_WEIGHTS_URL") or None  # a mirror, in place of torchvision's own address
MAX_IMAGE_PIXELS = int(os.environ.get("MAX_IMAGE_PIXELS", str(120_000_000)))
MAX_IMPORT_FILE_BYTES = int(os.environ.get("MAX_IMPORT_FILE_BYTES", str(200 * 2**20)))
MAX_IMPORT_TOTAL_BYTES = int(os.environ.get("MAX_IMPORT_TOTAL_BYTES", str(200 * 2**30)))
IMPORT_ROOTS = path_list_from_env("IMPORT_ROOTS")
IMPORT_URL_HOSTS = list_from_env("IMPORT_URL_HOSTS")
IMPORT_PRIVATE_HOSTS = list_from_env("IMPORT_PRIVATE_HOSTS")
WEBHOOK_PRIVATE_HOSTS = list_from_env("WEBHOOK_PRIVATE_HOSTS")
WEBHOOK_DISABLE_AFTER_DAYS = int(os.environ.get("WEBHOOK_DISABLE_AFTER_DAYS", "5"))
IMPORT_BUCKETS = list_from_env("IMPORT_BUCKETS")
S3_ENDPOINT_URL = os.environ.get("S3_ENDPOINT_URL", "")
MAX_IMPORT_ENTRIES = int(os.environ.get("MAX_IMPORT_ENTRIES", "2000000"))

# The rest -----------------------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
SILENCED_SYSTEM_CHECKS: list[str] = []

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "numba": {"level": "WARNING"},
        "faiss": {"level": "WARNING"},
    },
}
