import pytest

from puntuale.mail.incoming.reader import Reader
from tests.mail.post import HOST


@pytest.fixture(autouse=True)
def _post(settings, tmp_path):
    settings.MAIL_TO = "Support <support@vendor.example>"
    settings.DEFAULT_FROM_EMAIL = "Puntuale <puntuale@vendor.example>"
    settings.MAIL_DOMAIN = "vendor.example"
    settings.MAIL_TRUSTED_HOST = HOST
    settings.FILES = tmp_path / "files"


@pytest.fixture(scope="module")
def reader():
    """A process that reads mail, for all tests of a file."""
    one = Reader(host=HOST, domain="vendor.example")
    yield one
    one.stop()
