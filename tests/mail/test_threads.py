from uuid import UUID

import pytest

from puntuale.mail.threads import Thread, reply_address, thread_of
from puntuale.sending.references import keys_in

pytestmark = pytest.mark.django_db
OURS = Thread(ticket=4711, person=23)


@pytest.fixture(autouse=True)
def addresses(settings):
    settings.MAIL_TO = "Support <support@vendor.example>"
    settings.MAIL_DOMAIN = "vendor.example"


def test_an_address_to_answer_to_leads_back_however_servers_write_it():
    address = reply_address(OURS)
    assert address.startswith("support+4711-23-")
    assert address.endswith("@vendor.example")
    assert thread_of(address) == thread_of(address.upper()) == OURS


def test_the_longest_address_fits():
    local = reply_address(Thread(ticket=10**11, person=10**11)).partition("@")[0]
    assert len(local) <= 64


@pytest.mark.parametrize(
    "forged",
    [
        lambda address: address.replace("4711", "4712"),
        lambda address: address.replace("-23-", "-24-"),
        lambda address: address.replace("support", "sales"),
        lambda address: address.replace("vendor.example", "vendor.example.evil.example"),
        lambda address: address.replace("@", "a@"),
        lambda address: address[: address.index("-23-")] + "@vendor.example",
        lambda _: "",
        lambda _: "support@vendor.example",
        lambda _: "support+٤٧١١-23-aaaaaaaaaaaaaaaa@vendor.example",
    ],
)
def test_no_other_address_leads_anywhere(forged):
    assert thread_of(forged(reply_address(OURS))) is None


def test_another_secret_seals_otherwise(settings):
    address = reply_address(OURS)
    settings.SECRET_KEY = "another-secret-of-more-than-thirty-two-characters"
    assert thread_of(address) is None


def test_without_an_address_for_mail_there_is_none_to_answer_to(settings):
    address = reply_address(OURS)
    settings.MAIL_TO = ""
    assert reply_address(OURS) == ""
    assert thread_of(address) is None


def test_only_keys_of_our_letters_are_read():
    key = UUID("5a3c1f0e-9a5b-4c6e-8f2d-0123456789ab")
    said = f"<other@host> <{key}@vendor.example> <{key}@elsewhere.example> <{str(key).upper()}@VENDOR.example>"
    assert keys_in(said) == [key, key]
    assert len(keys_in(f"<{key}@vendor.example> " * 1000)) == 20
