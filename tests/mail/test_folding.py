"""What of a mail is its sender's own, and that nothing of it is ever lost."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntuale.mail.incoming.folding import CUT, own_lines
from puntuale.tickets.models import Event, Message
from puntuale.tickets.timeline import Entry
from tests.mail.ugly import corpus

OWN = "Since noon.\nEvery call."
QUOTE = "> Since when?\n> Which calls?"


def own(text):
    return "\n".join(text.split("\n")[: own_lines(text)])


@pytest.mark.parametrize(
    "heading",
    [
        "On Fri, 20 Nov 2026 at 16:00, Support <support@vendor.example> wrote:",
        "On Fri, 20 Nov 2026 at 16:00, Support\n<support@vendor.example> wrote:",
        "Il giorno ven 20 nov 2026 alle ore 16:00 Support <support@vendor.example> ha scritto:",
        "Il 20/11/26 16:00, Support ha scritto:",
        "Am Fr., 20. Nov. 2026 um 16:00 Uhr schrieb Support <support@vendor.example>:",
        "Le ven. 20 nov. 2026 à 16:00, Support <support@vendor.example> a écrit :",
        "El vie, 20 nov 2026 a las 16:00, Support (<support@vendor.example>) escribió:",
        "",
    ],
)
def test_what_was_there_before_is_folded_with_who_wrote_it(heading):
    assert own(f"{OWN}\n\n{heading}\n{QUOTE}") == OWN
    assert own(f"{OWN}\n\n{heading}\n{QUOTE}\n\n-- \nAnna") == OWN


@pytest.mark.parametrize(
    "header",
    [
        "-----Original Message-----\nFrom: Support <support@vendor.example>\nSent: Friday\nTo: Anna\nSubject: Calls",
        "-----Messaggio originale-----\nDa: Support <support@vendor.example>\nInviato: venerdì\nA: Anna\nOggetto: Calls",
        "Von: Support <support@vendor.example>\nGesendet: Freitag\nAn: Anna\nBetreff: Calls",
    ],
)
def test_so_is_what_outlook_quotes_without_marks(header):
    assert own(f"{OWN}\n\n{header}\n\nSince when?\nWhich calls?") == OWN


def test_so_is_everything_below_our_own_line():
    said = f"{OWN}\n\nOn Friday somebody wrote:\n> {CUT} Please write above this line -##\n> Since when?"
    assert own(said) == OWN
    assert own(f"{OWN}\n\n{CUT} Bitte oberhalb dieser Zeile antworten -##\n\nWhatever follows, in any form.") == OWN


def test_a_signature_is_folded():
    assert own(f"{OWN}\n\n-- \nAnna Conti\nNorthwind") == OWN


@pytest.mark.parametrize(
    "said",
    [
        OWN,
        f"{QUOTE}\n{OWN}",
        "> Since when?\nSince noon.\n\n> Which calls?\nEvery call.",
        "From: the log of the server\nFrom: 10:00 on\nit goes down.",
        "The gateway is 10.0.0.1,gw.northwind.test and it answers.",
        "Steps:\n- one\n- two\n-- three",
        QUOTE,
        "-- \nAnna",
    ],
)
def test_where_words_follow_or_it_is_not_clear_all_of_it_is_hers(said):
    assert own(said) == said


@given(st.text(alphabet=st.sampled_from("ab >\n-#_:\tÀ"), max_size=300))
def test_law_own_words_and_quote_are_the_whole(said):
    lines = own_lines(said)
    assert 1 <= lines <= said.count("\n") + 1
    entry = Entry(SimpleNamespace(), Message(body=said), own_lines=lines)
    whole = entry.own_words if lines == said.count("\n") + 1 else f"{entry.own_words}\n{entry.quoted}"
    assert whole == said


def test_law_holds_for_the_corpus():
    for name, raw in corpus().items():
        said = raw.decode("latin-1")[:20_000]
        entry = Entry(Event(), Message(body=said), own_lines=own_lines(said))
        assert "\n".join(filter(None, [entry.own_words, entry.quoted])) in {said, said.rstrip("\n")} or (
            f"{entry.own_words}\n{entry.quoted}" == said
        ), name
