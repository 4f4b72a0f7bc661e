"""A PostgreSQL for the tests: ours, in a folder of the run, unless DATABASE_URL names another. Loaded before Django."""

import atexit
import os
import secrets
from pathlib import Path

from puntuale.conf.postgres import Server
from tests import leftovers

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ.setdefault("PUNTUALE_SECRET_KEY", secrets.token_urlsafe(48))
# Playwright's synchronous side runs an event loop in the test's thread; Django would refuse the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The processes of pytest-xdist inherit both, and use the same folder and server.
if "PUNTUALE_TEST_FOLDER" not in os.environ:
    leftovers.sweep()
    folder = leftovers.new_folder()
    os.environ["PUNTUALE_TEST_FOLDER"] = str(folder)
    atexit.register(leftovers.remove, folder)

if "DATABASE_URL" not in os.environ:
    home = Path(os.environ["PUNTUALE_TEST_FOLDER"]) / "desk"
    server = Server(home, options={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    server.join()
    os.environ["DATABASE_URL"] = server.url()
