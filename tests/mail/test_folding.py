"""What of a mail is its sender's own, and that nothing of it is ever hidden."""

import io
import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntuale.mail.incoming import parsing
from puntuale.mail.incoming.folding import CUT, is_quote, own_lines
from puntuale.mail.incoming.parsing import Wanted
from puntuale.tickets.models import Event, Message
from puntuale.tickets.timeline import Entry
from tests.mail.ugly import corpus

OWN = "Since noon.\nEvery call."
QUOTE = "> Since when?\n> Which calls?"
HEADINGS = [
    "On Fri, 20 Nov 2026 at 16:00, Support <support@vendor.example> wrote:",
    "On Fri, 20 Nov 2026 at 16:00, Support\n<support@vendor.example> wrote:",
    "On 20 Nov 2026, at 16:00, Support <support@vendor.example> wrote:",
    "On 20/11/2026 16:00, Support wrote:",
    "Il giorno ven 20 nov 2026 alle ore 16:00 Support <support@vendor.example> ha scritto:",
    "Il 20/11/26 16:00, Support ha scritto:",
    "Am Fr., 20. Nov. 2026 um 16:00 Uhr schrieb Support <support@vendor.example>:",
    "Am 20.11.2026 um 16:00 schrieb Support:",
    "Support <support@vendor.example> schrieb am Fr., 20. Nov. 2026, 16:00:",
    "Le ven. 20 nov. 2026 à 16:00, Support <support@vendor.example> a écrit :",
    "El vie, 20 nov 2026 a las 16:00, Support (<support@vendor.example>) escribió:",
    "On Fri, Support wrote:",
    "Am Freitag schrieb Support:",
    "Il venerdì Support ha scritto:",
    "Op vr 20 nov 2026 om 16:00 schreef Support <support@vendor.example>:",
]
HEADERS = [
    "-----Original Message-----\nFrom: Support <support@vendor.example>\nSent: Friday\nTo: Anna\nSubject: Calls",
    "-----Messaggio originale-----\nDa: Support <support@vendor.example>\nInviato: venerdì\nA: Anna\nOggetto: Calls",
    "Von: Support <support@vendor.example>\nGesendet: Freitag\nAn: Anna\nBetreff: Calls",
    "________________________________\n**De :** Support\n**Envoyé :** vendredi\n**À :** Anna\n**Objet :** RE: Calls",
    "De: Support\nEnviado el: viernes\nPara: Anna\nCC: Liam\nAsunto: Calls",
]
FORWARDS = [
    "---------- Forwarded message ---------\nFrom: Bo <bo@carrier.example>\nDate: Fri\nSubject: Calls\nTo: Anna",
    "-------- Weitergeleitete Nachricht --------\nVon: Bo\nDatum: Fr\nAn: Anna\nBetreff: Calls",
    "Inizio messaggio inoltrato:\n\n> Da: Bo\n> Oggetto: Calls",
    "Début du message transféré :\n\n> De: Bo\n> Objet: Calls",
    "---------- Mensaje reenviado ---------\nDe: Bo\nFecha: vie\nPara: Anna\nAsunto: Calls",
]
WRITTEN = [
    "The line drops every morning.",
    "Seit gestern geht nichts mehr.",
    "1. restart the router\n2. call somebody\n3. it drops",
    "From: 10.0.0.1\nSent: 42 packets\nLost: 7\n\nPlease check.",
    "The log says:\n  ERROR --- line 5 --- dropped",
    "It happens here: between 10:00 and 11:00",
    "On Monday 23.11.2026 it was fine.",
    "My colleague wrote that nothing helps:\nshe may be right.",
    "-- \n- the second gateway\n- the third as well",
    "_____\nalso this, per favore",
    "Perché? Nessuno lo sa!",
]


def own(text, **known):
    return "\n".join(text.split("\n")[: own_lines(text, **known)])


@pytest.mark.parametrize("heading", [*HEADINGS, ""])
def test_what_was_there_before_is_folded_with_who_wrote_it(heading):
    assert own(f"{OWN}\n\n{heading}\n{QUOTE}") == OWN
    assert own(f"{OWN}\n\n{heading}\n{QUOTE}\n\n-- \nAnna") == OWN


@pytest.mark.parametrize("header", HEADERS)
def test_so_is_what_outlook_quotes_without_marks(header):
    assert own(f"{OWN}\n\n{header}\n\nSince when?\nWhich calls?") == OWN
    assert own(f"{OWN}\n\n{header}\n\nSince when?\nWhich calls?", subject="RE: Calls") == OWN


def test_so_is_everything_below_our_own_line():
    said = f"{OWN}\n\nOn Friday somebody wrote:\n> {CUT} Please write above this line -##\n> Since when?"
    assert own(said) == OWN
    assert own(f"{OWN}\n\n{CUT} Bitte oberhalb dieser Zeile antworten -##\n\nWhatever follows, in any form.") == OWN


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nAnna Conti\nNorthwind",
        "--\nAnna Conti\nResponsabile assistenza\nTel. +39 02 1234 5678\nanna@northwind.test",
        "-- \nMit freundlichen Grüßen\nAnna Conti\nNorthwind GmbH & Co. KG.",
        "Sent from my iPhone",
        "Inviato da iPhone",
        "Von meinem Telefon gesendet",
        "Sent from my Galaxy S24",
        "Sent from Outlook for iOS",
        "Get Outlook for Android<https://aka.ms/x>",
        "Gesendet mit der GMX Mail App",
        "Gesendet von Mail für Windows 10",
        "Inviato dal mio cellulare Samsung.",
        "Envoyé depuis l\u2019application Mail Orange",
        "Enviado desde mi móvil",
    ],
)
def test_a_signature_is_folded(signature):
    assert own(f"{OWN}\n\n{signature}") == OWN
    assert own(f"{OWN}\n\n{signature}\n\n{HEADINGS[0]}\n{QUOTE}") == OWN
    assert own(f"{OWN}\n\n{HEADINGS[0]}\n{QUOTE}\n\n{signature}") == OWN


@pytest.mark.parametrize(
    "said",
    [
        OWN,
        f"{QUOTE}\n{OWN}",
        "> Since when?\nSince noon.\n\n> Which calls?\nEvery call.",
        f"Hi Liam,\n\n{HEADINGS[0]}\n> Since when?\nSince noon.\n> Which calls?\nEvery call.\n> Thanks",
        f"Since noon.\n\n{HEADINGS[0]}\n{QUOTE}\n\nPS: please hurry",
        "From: the log of the server\nFrom: 10:00 on\nit goes down.",
        "The gateway is 10.0.0.1,gw.northwind.test and it answers.",
        "Steps:\n- one\n- two\n-- three",
        "What is missing:\n-- \n- the first\n- the second",
        "Please run\n--\nsystemctl restart x\n--",
        "Please run\n-- \nsystemctl restart x\n-- ",
        "Hi,\n-- \nNew password: hunter2\nUser: admin",
        "Hi Anna,\n\n-- \nBo Berg",
        "It is reset.\n-- \nNew password: hunter2\nUser: admin",
        "It is reset.\n-- \nHunter2",
        "It is reset, with this one:\n-- \nRosso Di Sera",
        "Call these\n--\nBo Berg\nLia Rossi",
        "It works.\n-- \nPlease check the second one as well.",
        "It works.\n-- \nalso the second gateway is down",
        "Our log says:\n\n> error 42\n> error 43",
        "My colleague wrote:\n> The router is dead.",
        "Il modem ha scritto:\n> ERROR",
        "Hello\n\n---- Please call me ----\n\nSince when?",
        f"See my answers below.\n\n{HEADERS[0]}\n\nSince when?\nSince noon.\nWhich calls?\nEvery call.",
        f"Risposte in rosso.\n\n{HEADERS[1]}\n\nDa quando?\nDa mezzogiorno.",
        f"{CUT} Please write above this line -##\n\nSince when?\nSince noon.",
        f"My file:\n{CUT} database section\nhost = db\n{CUT} end",
        f"The template has {CUT} Please write above this line -## in it.\nIs that right?",
        "It works.\n\nSent from my office, but the printer is dead",
        "It works.\n\nSent from my phone as the mail is dead",
        "It works.\n\nVon meinem Chef abgelehnt",
        "It works.\n\nVon meinem Telefon geht es nicht",
        "It works.\n\nInviato da noi il reso ieri",
        "It works.\n\nEnviado desde Roma hoy el pedido",
        "It works.\n\nEnvoyé de Paris par courrier mardi",
        QUOTE,
        "-- \nAnna",
    ],
)
def test_where_words_follow_or_it_is_not_clear_all_of_it_is_hers(said):
    assert own(said) == said


@pytest.mark.parametrize("forward", FORWARDS)
def test_what_is_forwarded_is_the_matter_itself(forward):
    said = f"See below\n\n{forward}\n\n> The line is cut.\n> Nobody knows why."
    assert own(said) == own(said, subject="Fwd: Calls") == said
    plain = said.replace("> ", "")
    assert own(plain) == own(plain, subject="WG: Calls") == plain


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_that_is_forwarded_or_of_another_mail_hides_nothing(header):
    said = f"{OWN}\n\n{header}\n\nThe line is cut.\n\nPlease check."
    for subject in ("FW: Calls", "TR: Calls", "I: Calls", "RV: Calls", "RE: Broken again", "RE: Calls drop", "Call"):
        assert own(said, subject=subject) == said


def test_who_answers_no_letter_of_ours_quotes_what_we_never_saw():
    said = f"{OWN}\n\n{HEADINGS[0]}\n{QUOTE}"
    assert own(said, answers_us=False) == said
    assert own(f"{said}\n\n-- \nAnna Conti", answers_us=False) == said


def _arranged(written, heading, quote, how):
    """Return a mail as people write it: the parts of their own, and what they answer, in one of many orders."""
    first, second, third = written
    rest = quote.replace("> ", "> > ")
    return {
        "top": f"{first}\n\n{second}\n\n{third}\n\n{heading}\n{quote}",
        "bottom": f"{heading}\n{quote}\n\n{first}\n\n{second}\n{third}",
        "inline": f"{first}\n\n{heading}\n{quote}\n{second}\n{quote}\n{third}",
        "inline, more quoted": f"{first}\n\n{heading}\n{quote}\n\n{second}\n{third}\n\n{quote}\n{rest}",
        "interleaved": f"{heading}\n{quote}\n{first}\n>\n{quote}\n{second}\n{rest}\n{third}\n{quote}",
        "nested": f"{first}\n{second}\n{third}\n\n{heading}\n{quote}\n> {heading}\n{rest}",
        "signed above": f"{first}\n{second}\n{third}\n\n-- \nAnna Conti\n\n{heading}\n{quote}",
        "signed below": f"{heading}\n{quote}\n\n{first}\n{second}\n\n{third}\n\n-- \nAnna Conti",
        "forwarded": f"{first}\n{second}\n\n{FORWARDS[0]}\n\n{third}",
        "postscript": f"{first}\n\n{heading}\n{quote}\n\n-- \nAnna\n\n{second}\n\n{third}",
    }[how]


WAYS = [
    "top", "bottom", "inline", "inline, more quoted", "interleaved", "nested", "signed above", "signed below",
    "forwarded", "postscript",
]  # fmt: skip


@settings(max_examples=400)
@given(
    written=st.lists(st.sampled_from(WRITTEN), min_size=3, max_size=3),
    heading=st.sampled_from(HEADINGS),
    how=st.sampled_from(WAYS),
    subject=st.sampled_from(["", "Re: Calls", "AW: [#7] Calls"]),
)
def test_law_whatever_was_written_unquoted_is_shown(written, heading, how, subject):
    text = _arranged(written, heading, QUOTE, how)
    shown = own(text, subject=subject)
    for line in "\n".join(written).split("\n"):
        assert line.rstrip() in shown, (how, text)


@pytest.mark.parametrize(("heading", "written"), list(itertools.product(HEADINGS, WRITTEN)))
def test_law_what_is_answered_on_top_of_a_quote_is_all_that_is_shown(heading, written):
    assert own(f"Hello\n{written}\n\nRegards\n\n{heading}\n{QUOTE}\n>\n>> Older") == f"Hello\n{written}\n\nRegards"


@given(st.text(alphabet=st.sampled_from("ab >\n-#_:\tÀ"), max_size=300))
def test_law_own_words_and_quote_are_the_whole(said):
    lines = own_lines(said)
    assert 1 <= lines <= said.count("\n") + 1
    entry = Entry(SimpleNamespace(), Message(body=said), own_lines=lines)
    whole = entry.own_words if lines == said.count("\n") + 1 else f"{entry.own_words}\n{entry.quoted}"
    assert whole == said


def test_law_holds_for_the_corpus(tmp_path):
    """What is folded of a real mail is marked as a quote, but for a heading, a signature, and what Outlook quotes."""
    below_a_header = set()
    for name, raw in corpus().items():
        contents = parsing.read(io.BytesIO(raw), tmp_path, Wanted())
        lines, count = contents.text.split("\n"), own_lines(contents.text, subject=contents.subject)
        entry = Entry(Event(), Message(body=contents.text), own_lines=count)
        assert (f"{entry.own_words}\n{entry.quoted}" if count < len(lines) else entry.own_words) == contents.text, name
        unmarked = [line for line in lines[count:] if line.strip() and not is_quote(line)]
        if any(line.startswith("Subject:") for line in unmarked):
            below_a_header.add(name)
        else:
            assert len(unmarked) <= 5, (name, unmarked)
    assert below_a_header == {f"talon-1.4.4/{one}.eml" for one in ("aol", "comcast")}
