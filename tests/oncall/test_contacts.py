"""Ways to reach somebody: proved by a code before they are used."""

from datetime import timedelta

import pytest

from puntuale.oncall import contacts
from puntuale.oncall.contacts import ContactRefused, Way
from puntuale.sending.models import Intent
from tests.guarantee.test_story import on

AT = on("fri 12:00")
NTFY = "ntfy://ntfy.example.com/ada"


def refused(rule):
    return pytest.raises(ContactRefused, match=rule)


def test_an_hour_has_so_many_new_ways_also_for_who_removes_them_again(company):
    for number in range(contacts.MOST_AN_HOUR):
        added = contacts.add(company.ada, channel="chat", address=f"{NTFY}{number}", at=AT)
        contacts.remove(added, by=company.ada, at=AT)
    with refused("contact.too_often"):
        contacts.add(company.ada, channel="chat", address=NTFY, at=AT + timedelta(minutes=59))
    contacts.add(company.grace, channel="chat", address=NTFY, at=AT)
    contacts.add(company.ada, channel="chat", address=NTFY, at=AT + timedelta(hours=1))


def test_a_new_way_is_used_once_its_code_was_said(company, settings):
    settings.EMAIL_IS_SET = True
    contact = contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    (intent,) = Intent.objects.filter(kind="contact_code")
    assert (intent.channel, intent.address, intent.try_at, len(contact.code)) == ("chat", NTFY, AT, 6)
    own = Way("email", "ada@puntuale.test")
    assert contacts.ways_to([company.ada]) == {company.ada.pk: [own]}
    contacts.verify(contact, code=f" {contact.code[:3]} {contact.code[3:]}", by=company.ada, at=AT)
    assert contacts.ways_to([company.ada]) == {company.ada.pk: [own, Way("chat", NTFY)]}


def test_a_code_can_be_guessed_at_five_times_and_is_old_after_a_quarter_of_an_hour(company):
    contact = contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    wrong = "000000" if contact.code != "000000" else "111111"
    with refused("code_old"):
        contacts.verify(contact, code=contact.code, by=company.ada, at=AT + timedelta(minutes=15, seconds=1))
    for _ in range(5):
        with refused("code_wrong"):
            contacts.verify(contact, code=wrong, by=company.ada, at=AT)
    with refused("code_old"):
        contacts.verify(contact, code=contact.code, by=company.ada, at=AT)


def test_another_code_takes_the_place_of_the_first_after_half_a_minute(company):
    contact = contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    with refused("contact.wait"):
        contacts.send_again(contact, by=company.ada, at=AT + timedelta(seconds=29))
    contacts.send_again(contact, by=company.ada, at=AT + timedelta(seconds=31))
    assert Intent.objects.filter(kind="contact_code").count() == 1


def test_nobody_else_can_prove_or_remove_it(company):
    contact = contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    for deed in (
        lambda: contacts.verify(contact, code=contact.code, by=company.grace, at=AT),
        lambda: contacts.remove(contact, by=company.grace, at=AT),
        lambda: contacts.send_again(contact, by=company.grace, at=AT + timedelta(minutes=1)),
    ):
        with refused("not_there"):
            deed()


def test_a_removed_way_is_used_no_more_and_can_be_added_again(company):
    contact = contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    contacts.verify(contact, code=contact.code, by=company.ada, at=AT)
    contacts.remove(contact, by=company.ada, at=AT)
    assert contacts.ways_to([company.ada]) == {company.ada.pk: []}
    assert contacts.add(company.ada, channel="chat", address=NTFY, at=AT).verified_at is None


@pytest.mark.parametrize(
    ("channel", "address", "rule"),
    [
        ("pigeon", "x", "contact.channel"),
        ("email", "nobody", "address.email"),
        ("email", "a@b.test\r\nBcc: c@d.test", "address.email"),
        ("webhook", "ftp://example.com/", "address.web"),
        ("webhook", "javascript:alert(1)", "address.web"),
        ("webhook", "http://", "address.web"),
        ("webhook", "http://[::1", "address.web"),
        ("webhook", "https://example.com/a b", "address.web"),
        ("chat", "file:///etc/passwd", "address.service"),
        ("chat", "syslog://", "address.service"),
        ("chat", "slack://nothing", "address.service_parts"),
        ("sms", "slack://a/b/c", "address.service"),
        ("sms", "", "address.service"),
    ],
)
def test_addresses_that_cannot_be_delivered_to_are_refused(company, channel, address, rule):
    with refused(rule):
        contacts.add(company.ada, channel=channel, address=address, at=AT)


def test_customers_are_not_paged(company):
    from puntuale.tickets.rights import NotAnAgent  # noqa: PLC0415

    with pytest.raises(NotAnAgent):
        contacts.add(company.anna, channel="chat", address=NTFY, at=AT)


def test_the_same_way_twice_and_too_many_are_refused(company):
    contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    with refused("there_already"):
        contacts.add(company.ada, channel="chat", address=NTFY, at=AT)
    for n in range(9):
        contacts.add(company.ada, channel="chat", address=f"{NTFY}{n}", at=AT)
    with refused("too_many"):
        contacts.add(company.ada, channel="chat", address=f"{NTFY}x", at=AT)
