"""Logs: whoever reads them can open nothing with what stands in them."""

import io
import logging
import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from django.utils.log import configure_logging, log_response
from django.utils.translation import override

from puntuale.conf.logs import Line, masked
from puntuale.wording.languages import LANGUAGES

SECRET = "sEcReT-0123456789_abcdefghijklmnop:XYZ"
NO_SECRETS = {"provider_id", "kind", "path", "app_label", "object_id", "content_type_id", "url"}
"""What else stands in addresses: names of sign-on servers and formats, and what only people who are signed in can ask for."""


def addresses():
    """Every address with a word in it that opens something, in each language."""
    for language in LANGUAGES:
        with override(language):
            yield from {f"/{path}" for path in walked(get_resolver().url_patterns, "")}


def walked(patterns, before):
    for pattern in patterns:
        names = pattern.pattern.converters.items() if hasattr(pattern.pattern, "converters") else ()
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            secrets = {name for name, _ in words_in(route, names)} - NO_SECRETS
            if secrets:
                yield re.sub(r"<str:\w+>|\(\?P<(?:key|uidb36)>[^)]*\)", SECRET, route).translate(
                    {ord("^"): "", ord("$"): ""}
                )
        else:
            yield from walked(pattern.url_patterns, route)


def words_in(route, names):
    found = dict.fromkeys(re.findall(r"<str:(\w+)>", route))
    found.update(dict.fromkeys(re.findall(r"\(\?P<(\w+)>", route)))
    return found.items()


ADDRESSES = sorted(set(addresses()))
STATUSES = [status for status in HTTPStatus if status >= 400]


@pytest.fixture
def console():
    """What the loggers of the desk write, set up as they are in a running one."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Line(fmt=settings.LOGGING["formatters"]["line"]["fmt"]))
    logging.getLogger().addHandler(handler)
    configure_logging(None, None)
    levels = {name: logging.getLogger(name).level for name in settings.LOGGING["loggers"]}
    yield stream
    logging.getLogger().removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_there_are_such_addresses():
    kinds = (
        "invitation/",
        "welcome/",
        "page/",
        "hooks/",
        "oncall/",
        "promises/",
        "password/new/",
        "files/content/",
        "files/",
    )
    for kind in kinds:
        assert any(f"/{kind}" in address for address in ADDRESSES), kind


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_status_of_a_secret_address_tells_it(address, console, monkeypatch):
    monkeypatch.setattr(logging.getLogger("django.request"), "level", logging.INFO)
    logging.getLogger("django.request")._cache.clear()
    for status in STATUSES:
        for path in (address, address.rstrip("/"), address + "more/", f"{address}?next={address}"):
            log_response(
                "%s: %s", status.phrase, path, response=HttpResponse(status=status), request=RequestFactory().get("/")
            )
    assert console.getvalue().count("...") >= len(STATUSES)
    assert SECRET not in console.getvalue()
    logging.getLogger("django.request")._cache.clear()


@pytest.mark.parametrize(
    "name",
    [
        "django.request",
        "django.security.csrf",
        "django.server",
        "granian",
        "procrastinate.worker",
        "puntuale.people",
        "asyncio",
    ],
)
def test_no_logger_tells_the_secret_of_a_link(console, name):
    for address in ADDRESSES:
        text = f"Hello\nhttps://help.example.com:8443{address}\n"
        problem = ValueError(address)
        logging.getLogger(name).error("job post_letter(text=%r) failed", text, exc_info=problem)
    assert console.getvalue()
    assert SECRET not in console.getvalue()


@pytest.mark.parametrize("blank", [" ", "  ", "x ", "x\t", "x y ", "\x0b", "\xa0"])
@pytest.mark.parametrize("address", ["/en/invitation/", "/page/", "/hooks/", "/it/password/new/"])
def test_a_blank_in_an_address_uncovers_no_secret(address, blank):
    assert SECRET not in masked(f"Not Found: {address}{blank}{SECRET}/")


@pytest.mark.parametrize(
    "kept",
    ["/en/desk/oncall/now/", "/en/office/promises/", "/en/office/webhooks/5/", "/en/desk/1001/", "/static/looks/puntuale.css",
     "File /usr/lib/python3.11/site-packages/django/core/files/uploadedfile.py, line 1"],
)  # fmt: skip
def test_other_addresses_stay_readable(kept):
    assert masked(kept) == kept


@pytest.mark.parametrize(
    "path", ["/en/invitation/{}/", "/en/office/welcome/{}/", "/en/page/{}/", "/hooks/{}/", "/en/nothing/"]
)
def test_what_clients_do_wrong_is_no_warning(client, company, console, path):
    assert client.get(path.format(SECRET)).status_code in {404, 405}
    assert console.getvalue() == ""


def test_a_failure_of_ours_is_told_with_its_traceback(client, company, console, monkeypatch):
    def fails(*_, **__):
        raise ValueError(f"/en/page/{SECRET}/")

    client.raise_request_exception = False
    monkeypatch.setattr("puntuale.oncall.acknowledging.page_of", fails)
    assert client.get(f"/en/page/{SECRET}/").status_code == 500
    assert "Traceback" in console.getvalue()
    assert "/en/page/..." in console.getvalue()
    assert SECRET not in console.getvalue()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "[::1", "a" * 300])
def test_a_name_that_is_not_ours_is_one_line(client, company, console, host):
    assert client.get("/en/guarantee/", headers={"host": host}).status_code == 400
    lines = console.getvalue().splitlines()
    assert len(lines) == 1
    assert "DisallowedHost" in lines[0]
    assert " WARNING " in lines[0] and "ERROR" not in lines[0]
