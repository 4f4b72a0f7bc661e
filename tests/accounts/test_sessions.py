"""Where somebody is signed in: by browser and system, with this one marked, and without those that have ended."""

from datetime import UTC, datetime

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from puntuale.accounts import devices
from puntuale.people import roles
from tests.company import PASSWORD
from tests.pages import words

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/150.0.0.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0"
PAGE = "/en/security/sessions/"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (CHROME, "Chrome on Linux"),
        (f"{IPHONE} Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE.replace('Version', 'CriOS')} Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{IPHONE.replace('Version', 'FxiOS')} Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{IPHONE.replace('Version', 'EdgiOS')} Version/19.0 Mobile/15E148 Safari/604.1", "Edge on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36 OPR/120.0", "Opera on Windows"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 SamsungBrowser/29.0 Chrome/136.0 Mobile Safari/537.36",
            "Samsung Internet on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1",
            "Safari on macOS",
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/150.0 Safari/537.36",
            "Chrome on ChromeOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) SomethingNew/1.0", "Unknown browser on Linux"),
        ("curl/8.5.0", "curl"),
        ("Lynx/2.9.2 libwww-FM/2.14", "Lynx"),
        ("<b>x</b>", "Unknown browser"),
        (f"{'x' * 500}/1", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_and_its_system_are_called_as_people_call_them(sent, told):
    assert devices.describe(sent) == told


@pytest.fixture
def everywhere(client, company, now):
    """Ada at her desk, and before that on her phone and on a laptop."""
    browsers = [type(client)(headers={"User-Agent": sent}) for sent in (f"{IPHONE} Safari/604.1", "", CHROME)]
    for browser in browsers:
        browser.post("/en/sign-in/", {"username": "ada@puntuale.test", "password": PASSWORD})
    return browsers


def test_the_list_names_each_and_marks_this_one(everywhere):
    *_, here = everywhere
    page = words(here.get(PAGE))
    assert "Mozilla" not in page and "AppleWebKit" not in page
    assert page.count("This browser") == 1
    assert page.index("Chrome on Linux") < page.index("This browser") < page.index("Unknown browser")
    assert page.index("Unknown browser") < page.index("Safari on iPhone")


@pytest.mark.parametrize("how", ["signed out", "expired", "everywhere else", "removed"])
def test_what_has_ended_leaves_the_list(everywhere, company, now, how):
    phone, _laptop, here = everywhere
    name = phone.cookies["sessionid"].value
    if how == "signed out":
        phone.post("/en/sign-out/")
    elif how == "expired":
        Session.objects.filter(session_key=name).update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    elif how == "removed":
        Session.objects.filter(session_key=name).delete()
    else:
        assert "nowhere else" in words(here.post(PAGE, follow=True))
    assert "iPhone" not in words(here.get(PAGE))
    assert not UserSession.objects.filter(session_key=name).exists()
    assert phone.get("/en/security/").status_code == 302


def test_whoever_left_has_none(everywhere, company, now):
    roles.leave(company.ada, by=company.mara, at=now.at)
    assert not UserSession.objects.exists()
    assert {one.get("/en/security/").status_code for one in everywhere} == {302}
