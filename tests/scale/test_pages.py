"""What the pages ask the database for, on a desk that has many tickets."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.scale.pages import PAGES
from tests.scale.plans import LARGE, scanned

pytestmark = pytest.mark.django_db


def asked(doors, page):
    """The queries of a page that was asked for before."""
    who, path, _ = PAGES[page]
    browser, address = getattr(doors, f"as_{who}"), path.format(**vars(doors))
    again = page.endswith("asked again")
    known = {"if-none-match": browser.get(address).headers.get("ETag", "")} if again else {}
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        response = browser.get(address, headers=known)
    assert response.status_code == (304 if again else 200), (page, address, response.status_code)
    return [query["sql"] for query in found.captured_queries]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_reads_a_large_table_from_end_to_end(doors, page):
    found = {table: sql for sql in asked(doors, page) for table in scanned(sql)}
    assert not found, f"{page} reads all of {found}"


def test_no_page_takes_more_queries_than_it_did(doors):
    wanted = {page: count for page, (_, _, count) in PAGES.items()}
    taken = {page: len(asked(doors, page)) for page in PAGES}
    assert {page: count for page, count in taken.items() if count > wanted[page]} == {}


@pytest.mark.parametrize("table", LARGE)
def test_a_query_without_an_index_is_found(doors, table):
    assert scanned(f'SELECT count(*) FROM "{table}" WHERE random() < 2') == {table}
