"""The settings of the desk, with what tests need: cheap passwords, no pool, no compressed files."""

import atexit
import shutil
import tempfile
from pathlib import Path

from puntuale.conf.settings import *  # noqa: F403
from puntuale.conf.settings import DATABASES, MIDDLEWARE, STORAGES

TEST_DOMAINS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")

FILES = Path(tempfile.mkdtemp(prefix="puntuale-files-"))
atexit.register(shutil.rmtree, FILES, ignore_errors=True)
