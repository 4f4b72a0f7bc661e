"""A PostgreSQL for the tests: ours, in a folder of its own, unless DATABASE_URL names another. Loaded before Django."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from puntuale.conf.postgres import Server

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("PUNTUALE_SECRET_KEY", secrets.token_urlsafe(48))
# Playwright's synchronous side runs an event loop in the test's thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

if "DATABASE_URL" not in os.environ:
    home = Path(tempfile.mkdtemp(prefix="puntuale-tests-", dir="/tmp"))
    home.chmod(0o755)
    server = Server(home, options={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    server.join()
    # The processes of pytest-xdist inherit this, and use the same server.
    os.environ["DATABASE_URL"] = server.url()

    @atexit.register
    def _stop() -> None:
        server.leave()
        shutil.rmtree(home)
