"""A promise as pages show it: never by colour alone, and the strip to scale."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.guarantee import document
from puntuale.guarantee.reckoning import reckon
from puntuale.guarantee.targets import Target
from puntuale.looks.icons import FOLDER, icon
from puntuale.looks.promises import ShownPromise
from puntuale.looks.strips import WIDTH, Strip
from puntuale.tickets import conversation
from puntuale.tickets.reading import standings
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at

ROME = ZoneInfo("Europe/Rome")
FRIDAY = at("2026-11-20T16:00:00+01:00")
AGREEMENT = document.read(STANDARD).sound()


def shown(ticket, when, language="en"):
    ticket.refresh_from_db()
    return ShownPromise(standings([ticket], at=when)[0], language, ROME)


@pytest.mark.parametrize(
    ("minutes", "tone", "icon_name", "text"),
    [
        (0, "calm", "clock", "1:00 left"),
        (44, "calm", "clock", "0:16 left"),
        (45, "soon", "triangle-alert", "0:15 left"),
        (59, "soon", "triangle-alert", "0:01:00 left"),
        (60, "soon", "triangle-alert", "0:00:00 left"),
        (61, "late", "circle-x", "missed 0:01 ago"),
        (60 + 26 * 60, "late", "circle-x", "missed 1 day ago"),
    ],
)
def test_a_chip_says_its_state_in_colour_icon_and_words(company, minutes, tone, icon_name, text):
    chip = shown(company.ticket(at=FRIDAY), FRIDAY + timedelta(minutes=minutes)).chip
    assert (chip.tone, chip.icon, chip.text) == (tone, icon_name, text)


def test_the_other_states_have_their_own(company):
    met, late, free = company.ticket(at=FRIDAY), company.ticket(at=FRIDAY), company.ticket(company.bruno, at=FRIDAY)
    conversation.answer(met, body="a", by=company.ada, at=FRIDAY)
    conversation.answer(late, body="a", by=company.ada, at=FRIDAY + timedelta(minutes=72))
    chips = [shown(ticket, FRIDAY + timedelta(days=1)).chip for ticket in (met, late, free)]
    assert [(chip.tone, chip.icon, chip.text) for chip in chips] == [
        ("calm", "circle-check", "answered in time"),
        ("late", "clock-alert", "answered 0:12 late"),
        ("none", "minus", "no guarantee"),
    ]


def test_every_icon_that_is_named_is_there():
    for file in FOLDER.glob("*.svg"):
        drawn = icon(file.stem)
        assert drawn.startswith('<svg class="icon"')
        assert 'aria-hidden="true"' in drawn


def strip(start, target):
    clock = AGREEMENT.calendar(target.hours)
    due = clock.deadline(at(start), target.seconds)
    return Strip.of(reckon(clock, start=at(start), due=due, target=target)), due


def test_open_time_is_drawn_to_scale_and_closed_time_keeps_to_its_share():
    drawn, _ = strip("2026-11-20T16:00:00+01:00", Target(9 * 3600, "business", "9h"))
    opened = [piece for piece in drawn.pieces if piece.is_open]
    closed = [piece for piece in drawn.pieces if not piece.is_open]
    assert [piece.end - piece.start for piece in opened] == [3600, 8 * 3600]
    assert opened[1].width == pytest.approx(8 * opened[0].width, abs=0.1)
    assert sum(piece.width for piece in closed) == pytest.approx(400, abs=0.1)
    assert sum(piece.width for piece in drawn.pieces) == pytest.approx(WIDTH, abs=0.1)


def test_day_and_night_is_one_piece():
    drawn, _ = strip("2026-11-21T10:00:00+01:00", Target(3600, "always", "1h"))
    assert len(drawn.pieces) == 1
    assert drawn.pieces[0].width == WIDTH


def test_the_mark_moves_from_start_to_due_and_never_back():
    drawn, due = strip("2026-11-20T16:30:00+01:00", Target(6 * 3600, "business", "6h"))
    start = at("2026-11-20T16:30:00+01:00")
    steps = [drawn.position(start + (due - start) * share / 200) for share in range(-5, 206)]
    assert steps == sorted(steps)
    assert (steps[0], steps[5], steps[205]) == (0, 0, WIDTH)


def test_a_start_outside_hours_begins_closed():
    drawn, _ = strip("2026-11-21T10:00:00+01:00", Target(3600, "business", "1h"))
    assert [piece.is_open for piece in drawn.pieces] == [False, True]


def test_the_browser_gets_the_open_spans_still_to_count(company):
    ticket = company.ticket(company.paola, "3", FRIDAY)
    promise = shown(ticket, FRIDAY + timedelta(minutes=30))
    spans = [tuple(int(second) for second in pair.split("-")) for pair in promise.spans.split()]
    assert sum(end - start for start, end in spans) + promise.beyond == promise.standing.remaining
    assert spans[0][0] == int((FRIDAY + timedelta(minutes=30)).timestamp())
    assert spans[-1][1] == int(promise.due_at.timestamp())


def test_very_long_promises_send_a_bounded_number_of_spans(company):
    ticket = company.ticket(company.paola, "3", FRIDAY)
    promise = shown(ticket, FRIDAY)
    promise.__dict__["_pairs"] = [(n * 100, n * 100 + 50) for n in range(400)]
    assert len(promise.spans.split()) == 30
    assert promise.beyond == 370 * 50


def test_what_the_strip_shows_is_also_said(company):
    promise = shown(company.ticket(company.paola, "1", FRIDAY), FRIDAY)
    assert promise.strip_in_words == "From Fri 20 Nov 16:00 CET to Mon 11:00 CET, 3:00 of it in opening hours"
