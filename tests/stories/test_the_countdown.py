"""Countdowns run in the browser, in open time, by the server's clock."""

import pytest

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_outside_hours_business_time_stands_still_while_day_and_night_runs(visitor, company, now):
    now.is_("2026-11-21T12:00:00+01:00")
    company.ticket(company.paola, "1", now.at, subject="Business hours")
    night = company.ticket(company.anna, "1", now.at, subject="Day and night")
    now.is_("2026-11-21T12:52:00+01:00")
    ada = visitor().signs_in("ada@puntuale.test")
    ada.sees("3:00 left due Mon 12:00 CET counts from Mon 09:00", "0:07:5").is_content()
    texts = "Array.from(document.querySelectorAll('.chip-text'), chip => chip.textContent)"
    before = ada.page.evaluate(texts)
    ada.page.wait_for_timeout(2_200)
    after = ada.page.evaluate(texts)
    assert before[0] != after[0], "one hour, day and night, goes on"
    assert before[1] == after[1] == "3:00 left"
    assert night.due_at is not None


def test_at_due_the_chip_turns_to_missed_by_itself(visitor, company, now):
    company.ticket(company.anna, "1", now.at, subject="About to be missed")
    now.is_("2026-11-20T16:59:58.500+01:00")
    ada = visitor().signs_in("ada@puntuale.test")
    ada.page.wait_for_selector(".chip.late")
    ada.sees("missed 0:00 ago").is_content()


def test_in_the_last_quarter_the_chip_turns_amber_by_itself(visitor, company, now):
    company.ticket(company.anna, "1", now.at)
    now.is_("2026-11-20T16:44:59+01:00")
    ada = visitor().signs_in("ada@puntuale.test")
    ada.page.wait_for_selector(".chip.soon")
    ada.sees("0:14 left")


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York", "Pacific/Chatham"])
def test_the_browsers_zone_and_a_wrong_clock_change_nothing(visitor, company, now, zone):
    now.is_("2026-11-21T12:00:00+01:00")
    company.ticket(company.paola, "1", now.at)
    now.is_("2026-11-23T09:30:00+01:00")
    ada = visitor(zone=zone)
    ada.page.add_init_script("const real = Date.now; Date.now = () => real() + 3 * 3600 * 1000;")
    ada.signs_in("ada@puntuale.test").sees("2:29 left due today 12:00 CET")


def test_the_strip_moves_to_now(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    now.is_("2026-11-20T16:30:00+01:00")
    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    place = "Number(document.querySelector('.strip .now').getAttribute('x'))"
    first = anna.page.evaluate(place)
    assert 499 < first < 503
    anna.page.wait_for_timeout(2_200)
    assert first < anna.page.evaluate(place) < 504


def test_the_queue_refreshes_itself(visitor, company, now):
    ada = visitor().signs_in("ada@puntuale.test").sees("Nothing here.")
    company.ticket(company.anna, "1", now.at, subject="Has just come in")
    ada.looks_again().sees("Has just come in", "left due today 17:00 CET").is_content()


def test_words_on_the_chip_are_the_same_from_server_and_browser(visitor, company, now):
    now.is_("2026-11-24T16:30:00+01:00")
    for minutes, priority in ((0, "1"), (50, "1"), (0, "2"), (0, "3")):
        now.is_(f"2026-11-24T16:{30 - minutes // 2:02}:00+01:00")
        company.ticket(company.paola, priority, now.at)
    now.is_("2026-11-24T18:00:00+01:00")
    for language, email in (("en", "ada@puntuale.test"), ("it", "mara@puntuale.test")):
        with_scripts = visitor(language=language).signs_in(email).opens(f"/{language}/desk/")
        without = visitor(language=language, scripts=False).signs_in(email).opens(f"/{language}/desk/")
        chips = [one.page.locator(".due-cell").all_inner_texts() for one in (with_scripts, without)]
        assert chips[0] == chips[1]
