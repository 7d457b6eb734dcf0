"""The product's settings with everything that a test must not share: data folder, cache, channels, database file.

`DATABASE_URL` in the environment runs the same tests on PostgreSQL (`python -m tests.run_on_postgres`).
"""

import os
import sys
import tempfile
from pathlib import Path
from unittest import mock

TEST_FOLDER = Path(tempfile.mkdtemp(prefix="labeler-tests-"))
with mock.patch.dict(os.environ, {"DATA_DIR": str(TEST_FOLDER / "data"), "SECRET_KEY": "for tests only"}):
    from labeler.settings import *  # noqa: F403
    from labeler.settings import DATABASES, PASSWORD_HASHERS, REDIS_URL

# Kernels are compiled once for all tests, and for the next run of them.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(sys.prefix) / "numba-cache"))
# Processes that a test starts are the product with its own settings, not with these.
os.environ["DJANGO_SETTINGS_MODULE"] = "labeler.settings"

REAL_REDIS_URL = os.environ.get("TEST_REDIS_URL") or REDIS_URL
REAL_PASSWORD_HASHERS = PASSWORD_HASHERS
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STATICFILES_DIRS = []
CELERY_BROKER_URL = "memory://"
STATIC_ROOT = TEST_FOLDER / "static"
STATIC_ROOT.mkdir()
IS_SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:  # a file, so that threads meet the same locks as in the product
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_FOLDER / "test.sqlite3")}
