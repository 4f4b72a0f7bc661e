"""Forms behind a proxy: taken from the address people use, and refused for what is wrong and nothing else."""

import pytest
from django.test import Client


@pytest.fixture
def strict(company, settings):
    settings.BASE_URL = "https://help.example.com:8443"
    settings.CSRF_TRUSTED_ORIGINS = ["https://help.example.com:8443"]
    settings.ALLOWED_HOSTS = ["help.example.com"]
    return Client(enforce_csrf_checks=True)


def signs_in(browser, origin, host="help.example.com"):
    token = browser.get("/en/sign-in/", headers={"host": host}).context["csrf_token"]
    sent = {"csrfmiddlewaretoken": str(token), "username": "x@y.example", "password": "wrong"}
    return browser.post("/en/sign-in/", sent, headers={"host": host, "origin": origin})


@pytest.mark.parametrize("host", ["help.example.com", "help.example.com:8443", "help.example.com:8000"])
def test_the_port_that_a_proxy_passes_on_does_not_matter(strict, host):
    assert signs_in(strict, "https://help.example.com:8443", host).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://help.example.com", "http://help.example.com:9000", "https://evil.example", "null"]
)
def test_a_form_from_elsewhere_is_not_said_to_have_expired(strict, origin):
    refused = signs_in(strict, origin)
    page = refused.content.decode()
    assert refused.status_code == 403
    assert "opened at another address" in page
    assert "https://help.example.com:8443" in page
    assert "expired" not in page


def test_a_form_without_a_token_has_expired(strict):
    refused = strict.post("/en/sign-in/", {}, headers={"host": "help.example.com"})
    assert "This form has expired" in refused.content.decode()
