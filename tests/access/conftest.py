"""The world that routes are tried on."""

import pytest

from tests.access import world as worlds


@pytest.fixture
def world(company, now, settings):
    settings.EMAIL_IS_SET = True
    now.at = worlds.AT
    return worlds.made(company)
