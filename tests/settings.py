"""The settings of the desk, with what tests need: cheap passwords, no pool, no compressed files."""

import os
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from puntuale.conf.settings import *  # noqa: F403
from puntuale.conf.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES

TEST_DOMAINS = True
# Tests send much within one instant; tests/security/test_sec_limits.py sets limits.
TICKETS_AN_HOUR = URGENT_TICKETS_AN_HOUR = FILES_AN_HOUR = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")

FILES = Path(tempfile.mkdtemp(prefix="files-", dir=os.environ["PUNTUALE_TEST_FOLDER"]))
ERASURES = [FILES / "erasures.jsonl"]

# A server for single sign-on, for the stories in which a company has one.
INSTALLED_APPS.append("allauth.idp.oidc")
IDP_OIDC_ADAPTER = "tests.accounts.identity_server.Vouching"
IDP_OIDC_PRIVATE_KEY = (
    rsa.generate_private_key(65537, 2048)
    .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    .decode()
)
