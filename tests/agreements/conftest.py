import pytest

from tests.company import made


@pytest.fixture
def company(db):
    return made()
