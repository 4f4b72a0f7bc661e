"""Reports on every screen: nothing to complain of, nothing wider than the screen, and figures that lead to tickets."""

import pytest

from tests.office.test_reports import history  # noqa: F401 -- what there is to report

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_reports_are_fit_for_every_screen(visitor, history, width, scheme):  # noqa: F811
    mara = visitor(width=width, scheme=scheme).signs_in("mara@puntuale.test")
    mara.opens("/en/office/reports/?by=organisation").sees("33.3%", "Fabrikam").is_content()
    mara.page.get_by_role("link", name="3", exact=True).first.click()
    mara.sees("3 tickets", "answered in time").is_content()
    andrea = visitor(width=width, scheme=scheme).signs_in("andrea@northwind.test")
    andrea.opens("/en/tickets/organisation/report/").sees(
        "What we promised, and what we did.", "2 tickets"
    ).is_content()
