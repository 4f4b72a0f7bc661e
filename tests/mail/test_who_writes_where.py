"""The matrix: who writes, from where, into what, and what becomes of it. What is not in a row of it is in the laws."""

import itertools

import pytest

from puntuale.mail.incoming import reviewing
from puntuale.mail.incoming.deciding import Deed, Facts, Sender, Way, decide
from puntuale.mail.models import Incoming, Outcome, Proof
from puntuale.mail.models.mailed import UNCONFIRMED
from puntuale.mail.threads import Thread, reply_address
from puntuale.people.models import Person
from puntuale.people.roles import leave
from puntuale.tickets import conversation, following, merging, resolution
from puntuale.tickets.attachments import take_in
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Ticket
from tests.mail.post import FAILED, HOST, PASSED, letter, mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY, fresh, state

ANNA, ANDREA, PAOLA = "anna@northwind.test", "andrea@northwind.test", "paola@fabrikam.test"
ADA, NORA = "ada@puntuale.test", "nora@elsewhere.test"


class Scene:
    """Anna's ticket, which Andrea administers and on which Ada wrote; a letter of it went to each of them."""

    def __init__(self, company):
        self.company = company
        self.ticket = company.ticket(at=FRIDAY)
        self.other = company.ticket(company.paola, at=FRIDAY)
        conversation.note(self.ticket, body="Between us.", by=company.grace, at=FRIDAY)
        said, noted = self.ticket.events.order_by("number")
        self.letters = {name: letter(said, getattr(company, name), FRIDAY) for name in ("anna", "andrea", "ada")}
        self.noted = letter(noted, company.ada, FRIDAY)

    def seal(self, name, ticket=None):
        return reply_address(Thread((ticket or self.ticket).pk, getattr(self.company, name).pk))

    def key(self, name):
        return f"<{self.letters[name].key}@vendor.example>"


@pytest.fixture
def scene(company):
    return Scene(company)


def row(name, sender, outcome, because="", to=None, key=None, vouched=None, ours=True, proof=None, **headers):
    return pytest.param(sender, outcome, because, to, key, vouched, ours, proof, headers, id=name)


REVIEW, JOINED, OPENED, IGNORED, NOTED = (
    Outcome.REVIEW, Outcome.JOINED, Outcome.OPENED, Outcome.IGNORED, Outcome.NOTED,
)  # fmt: skip

MATRIX = [
    # Customers, to the general address.
    row("a customer, unproven", ANNA, OPENED, ours=False, proof=Proof.NONE),
    row("a customer, vouched for", ANNA, OPENED, vouched=PASSED, ours=False, proof=Proof.SERVER),
    row("a forged customer", ANNA, REVIEW, "forged", vouched=FAILED, ours=False),
    row("a stranger", NORA, REVIEW, "stranger", ours=False),
    row("an agent", ADA, REVIEW, "from_the_desk", ours=False),
    # With the sealed address of a letter.
    row("her own letter", ANNA, JOINED, to="anna", proof=Proof.LETTER),
    row("her own letter, forged", ANNA, REVIEW, "forged", to="anna", vouched=FAILED),
    row("a colleague's letter, unproven", ANDREA, REVIEW, "letter_of_another", to="anna"),
    row("a colleague's letter, vouched for", ANDREA, JOINED, to="anna", proof=Proof.SERVER,
        vouched=f"{HOST}; dmarc=pass header.from=northwind.test"),
    row("a stranger with the seal", NORA, REVIEW, "stranger_with_our_seal", to="anna"),
    row("another company with the seal", PAOLA, REVIEW, "not_a_participant", to="anna",
        vouched=f"{HOST}; dmarc=pass header.from=fabrikam.test"),
    row("an agent with the customer's seal", ADA, REVIEW, "agent_unproven", to="anna", vouched=f"{HOST}; dmarc=pass"),
    row("an agent's own letter, unproven", ADA, REVIEW, "agent_unproven", to="ada"),
    row("an agent's own letter, proven", ADA, JOINED, to="ada", vouched=f"{HOST}; dmarc=pass", proof=Proof.LETTER),
    # With the key of a letter.
    row("her letter's key", ANNA, JOINED, key="anna", proof=Proof.LETTER),
    row("a colleague's key, unproven", ANDREA, REVIEW, "letter_of_another", key="anna"),
    row("a stranger with a key", NORA, REVIEW, "stranger_with_our_seal", key="anna"),
    row("another company with a key", PAOLA, OPENED, "thread_denied", key="anna", ours=False),
    row("an agent's key without the seal", ADA, REVIEW, "agent_unproven", key="ada", vouched=f"{HOST}; dmarc=pass"),
    row("nobody's key", ANNA, OPENED, ours=False, References="<00000000-0000-4000-8000-000000000000@vendor.example>"),
    row("the key of another desk", ANNA, OPENED, ours=False, References="<x@elsewhere.example>"),
    # Who it is from.
    row("a name that poses as a customer", f'"{ANNA}" <{NORA}>', REVIEW, "stranger", to=None, ours=False),
    row("two senders", f"{ANNA}, {NORA}", REVIEW, "no_sender", to="anna"),
    row("no sender", None, REVIEW, "no_sender", to="anna"),
    row("another address to answer to", NORA, REVIEW, "stranger", ours=False, Reply_To=ANNA),
    row("hidden among comments", f"({ANNA}) <{NORA}>", REVIEW, "stranger", ours=False),
    row("in capitals", ANNA.upper(), JOINED, to="anna", proof=Proof.LETTER),
    row("with a name in other letters", f"=?utf-8?q?Ann=C3=A0?= <{ANNA}>", JOINED, to="anna", proof=Proof.LETTER),
    # Whose word it is.
    row("the word of another host", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched="mx.evil.example; dmarc=pass header.from=northwind.test"),
    row("a host that says nothing", ANDREA, REVIEW, "letter_of_another", to="anna", vouched=f"{HOST}; none"),
    row("proven for another domain", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST}; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example"),
    row("passed for another sender", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST}; dmarc=pass header.from=evil.example"),
    row("passed for a domain below", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST}; spf=pass smtp.mailfrom=northwind.test; dmarc=pass header.from=x.northwind.test"),
    row("passed for a look-alike", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST}; dmarc=pass (p=none) header.from=northwind.test.evil.example"),
    row("passed for two senders", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST}; dmarc=pass header.from=northwind.test header.from=evil.example"),
    row("passed for hers, sent by a carrier", ANDREA, JOINED, to="anna", proof=Proof.SERVER,
        vouched=f"{HOST}; dmarc=pass smtp.mailfrom=carrier.example header.from=Northwind.test"),
    row("proven by its signature", ANDREA, JOINED, to="anna", proof=Proof.SERVER,
        vouched=f"{HOST}; spf=fail; dkim=pass header.d=northwind.test"),
    row("a word in a comment", ANDREA, REVIEW, "letter_of_another", to="anna",
        vouched=f"{HOST} (dmarc=pass); dkim=none (x; dmarc=pass header.from=northwind.test)"),
    # Written by nobody.
    row("an absence", ANNA, IGNORED, "auto_submitted", to="anna", Auto_Submitted="auto-replied"),
    row("what may be an absence, by its subject", ANNA, JOINED, "absence", to="anna",
        Subject="Risposta automatica: Calls drop"),
    row("an agent's absence by its subject", ADA, IGNORED, "absence", to="ada", vouched=f"{HOST}; dmarc=pass",
        Subject="Abwesend: Calls drop"),
    row("a report", ANNA, IGNORED, "report", to="anna", Return_Path="<>",
        Content_Type="multipart/report; report-type=disposition-notification; boundary=b"),
    # What only looks so.
    row("a list", ANNA, REVIEW, "list", ours=False, List_Id="<all.northwind.test>"),
    row("a list, vouched for", ANNA, OPENED, "list", ours=False, vouched=PASSED, List_Id="<all.northwind.test>"),
    row("in bulk", ANNA, REVIEW, "bulk", ours=False, Precedence="bulk"),
    row("an answer by a list", ANNA, JOINED, "list", to="anna", List_Id="<all.northwind.test>"),
    row("an answer from no path", ANNA, JOINED, "null_path", to="anna", Return_Path="<>"),
    row("an agent's answer by a list", ADA, JOINED, "list", to="ada", vouched=f"{HOST}; dmarc=pass", Precedence="list"),
    row("an agent's answer that looks like a program's", ADA, REVIEW, "machine", to="ada", vouched=f"{HOST}; dmarc=pass",
        X_Loop="x"),
    row("a machine's address", "no-reply@northwind.test", REVIEW, "no_person", ours=False),
    row("our own address", "support@vendor.example", REVIEW, "from_us", ours=False),
    row("a Message-ID like ours", ANNA, OPENED, "", ours=False,
        Message_ID="<00000000-0000-4000-8000-000000000000@vendor.example>"),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "outcome", "because", "to", "key", "vouched", "ours", "proof", "headers"), MATRIX)
def test_what_becomes_of_a_mail(scene, reader, sender, outcome, because, to, key, vouched, ours, proof, headers):
    headers = {"To": scene.seal(to) if to else "support@vendor.example", "Authentication_Results": vouched} | headers
    if key:
        headers["In_Reply_To"] = scene.key(key)
    before = Ticket.objects.count(), scene.ticket.messages.count()
    one = taken(mail(sender, **headers), MONDAY, reader)
    assert (one.outcome, one.because) == (outcome, because)
    assert Ticket.objects.count() - before[0] == (outcome == OPENED)
    assert scene.ticket.messages.count() - before[1] == (outcome == JOINED)
    if proof is not None:
        assert one.mailed.proof == proof
    if sender != ADA:
        assert fresh(scene.ticket).answered_at is None


def test_an_agents_answer_keeps_the_promise_with_her_own_words_only(scene, reader):
    said = "Restart it.\n\nOn Fri, Puntuale wrote:\n> Between us."
    one = taken(mail(ADA, said, To=scene.seal("ada"), Authentication_Results=f"{HOST}; dmarc=pass"), FRIDAY, reader)
    assert one.mailed.message.body == "Restart it."
    assert state(scene.ticket, MONDAY) == "met"


@pytest.mark.parametrize(
    "body",
    ["> quote only", "-- \nAda", "<!-- -->", "\u2060", "```\n```", ""],
    ids=["quote", "name", "comment", "joiner", "code", ""],
)
def test_an_agents_mail_that_says_nothing_is_kept_among_us_and_keeps_no_promise(scene, reader, body):
    headers = {"To": scene.seal("ada"), "Authentication_Results": f"{HOST}; dmarc=pass"}
    one = taken(mail(ADA, f"{body}\n", **headers), FRIDAY, reader)
    assert (one.outcome, one.mailed.message.audience) == (NOTED, "internal")
    assert fresh(scene.ticket).answered_at is None
    assert state(scene.ticket, FRIDAY) == "running"


@pytest.mark.parametrize("said", ["\u200b", "<!-- hidden -->", "\u3164"])
def test_a_customers_mail_that_cannot_be_seen_is_a_ticket_all_the_same(scene, reader, said):
    one = taken(
        mail(ANNA, said, Subject=said, To="support@vendor.example", Authentication_Results=f"{HOST}; dmarc=pass"),
        FRIDAY,
        reader,
    )
    assert one.outcome == OPENED
    assert one.ticket.subject == ("(no subject)" if "hidden" not in said else said)
    # A mail of plain text shows a comment as it stands.
    shown = said if "hidden" in said else f"(no text)\n\n{said}"
    assert one.mailed.message.body.strip() == shown.strip()


def test_an_agents_answer_between_quoted_lines_goes_out_whole_but_for_the_sealed_address(scene, reader):
    heading = f"On Fri, 20 Nov 2026 at 16:00, Puntuale <{scene.seal('ada')}> wrote:"
    said = f"Hi Anna,\n\n{heading}\n> Is it the line?\nNo, the router.\n> And when?\nSince noon.\n\nAda"
    one = taken(mail(ADA, said, To=scene.seal("ada"), Authentication_Results=f"{HOST}; dmarc=pass"), FRIDAY, reader)
    assert one.mailed.message.body == said.replace(scene.seal("ada"), "support@vendor.example")
    assert state(scene.ticket, MONDAY) == "met"


def test_an_answer_to_a_letter_about_a_note_stays_between_us(scene, reader):
    headers = {"To": scene.seal("ada"), "In_Reply_To": f"<{scene.noted.key}@vendor.example>"}
    one = taken(mail(ADA, "I see.", **headers, Authentication_Results=f"{HOST}; dmarc=pass"), FRIDAY, reader)
    assert (one.outcome, one.mailed.message.audience) == (NOTED, "internal")
    assert fresh(scene.ticket).answered_at is None


def test_a_follower_writes_and_one_who_left_does_not(scene, company, reader):
    bea = Person.objects.create(name="Bea", email="bea@northwind.test", organisation=company.advanced, joined_at=FRIDAY)
    address = reply_address(Thread(scene.ticket.pk, bea.pk))
    assert taken(mail(bea.email, To=address), MONDAY, reader).because == "not_a_participant"
    following.follow(scene.ticket, person=bea, by=company.anna, at=FRIDAY)
    assert taken(mail(bea.email, To=address), MONDAY, reader).outcome == JOINED
    leave(bea, by=company.mara, at=MONDAY)
    assert taken(mail(bea.email, To=address), MONDAY, reader).because == "left"


def test_an_answer_follows_a_merged_ticket_and_opens_a_resolved_one_again(scene, company, reader):
    conversation.answer(scene.ticket, body="Done.", by=company.ada, at=FRIDAY)
    target = company.ticket(at=FRIDAY)
    merging.merge(scene.ticket, into=target, by=company.ada, at=FRIDAY)
    assert taken(mail(To=scene.seal("anna")), MONDAY, reader).ticket == target
    conversation.answer(target, body="Done.", by=company.ada, at=MONDAY)
    resolution.resolve(target, by=company.ada, at=MONDAY)
    assert taken(mail(To=scene.seal("anna", target)), MONDAY, reader).ticket == target
    assert fresh(target).phase == "open"


def test_much_later_an_answer_is_a_new_ticket_that_points_back(scene, company, reader):
    conversation.answer(scene.ticket, body="Done.", by=company.ada, at=FRIDAY)
    resolution.resolve(scene.ticket, by=company.ada, at=FRIDAY)
    late = MONDAY.replace(year=2027, month=12)
    one = taken(mail(To=scene.seal("anna")), late, reader)
    assert one.ticket.came_from.get().origin == scene.ticket
    assert one.mailed.message.ticket == one.ticket


def test_too_much_from_one_sender_waits_for_a_person(company, reader):
    outcomes = [taken(mail(body=f"Number {n}"), FRIDAY, reader).outcome for n in range(23)]
    assert outcomes == [OPENED] * 20 + [REVIEW] * 3
    assert Incoming.objects.filter(because="too_many").count() == 3


def test_what_is_more_than_a_customer_may_send_waits_for_a_person_and_is_not_lost(company, reader, settings):
    settings.MAIL_TRUSTED_HOST = HOST
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR = 2, 2
    company.ticket(priority="2", at=FRIDAY)
    mails = [taken(mail(body=f"Number {n}", Authentication_Results=PASSED), FRIDAY, reader) for n in range(3)]
    assert [one.outcome for one in mails] == [OPENED, REVIEW, REVIEW]
    assert (mails[-1].because, "Number 2" in mails[-1].text) == ("too_many", True)


def test_mail_that_nothing_proves_uses_up_nothing_of_what_the_customer_may_send(company, reader, settings):
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR = 2, 2
    forged = [taken(mail(body=f"Forged {n}"), FRIDAY, reader) for n in range(3)]
    assert [(one.outcome, one.because) for one in forged] == [(OPENED, ""), (OPENED, ""), (REVIEW, "too_many")]
    proven = [taken(mail(body=f"Mine {n}", Authentication_Results=PASSED), FRIDAY, reader) for n in range(2)]
    assert [one.outcome for one in proven] == [OPENED, OPENED]
    with pytest.raises(TooMany):
        company.ticket(company.anna, priority="2", at=FRIDAY)


@pytest.mark.parametrize("first", ["page", "proven mail"])
def test_what_the_customer_sent_uses_up_nothing_of_unproven_mail(company, reader, settings, first):
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR = 1, 1
    if first == "page":
        company.ticket(company.anna, priority="2", at=FRIDAY)
    else:
        taken(mail(body="Mine", Authentication_Results=PASSED), FRIDAY, reader)
    assert taken(mail(body="Unproven"), FRIDAY, reader).outcome == OPENED
    assert taken(mail(body="Unproven as well"), FRIDAY, reader).because == "too_many"


def test_forged_mail_in_the_names_of_colleagues_uses_up_nothing_of_their_organisation(company, reader, settings):
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR = 1, 1
    Person.objects.bulk_create(
        Person(name=f"P {n}", email=f"p{n}@northwind.test", organisation=company.anna.organisation, joined_at=FRIDAY)
        for n in range(6)
    )
    for n in range(6):
        taken(mail(f"p{n}@northwind.test", body=f"Forged {n}"), FRIDAY, reader)
    assert Ticket.objects.count() == 5
    assert company.ticket(company.anna, priority="2", at=FRIDAY).requester == company.anna


def test_files_that_nothing_proves_leave_their_sender_half_of_what_they_may_send(company, reader, settings):
    settings.FILES_AN_HOUR = 4
    forged = [taken(with_files(2), FRIDAY, reader) for _ in range(3)]
    assert [(one.outcome, one.because) for one in forged] == [(OPENED, ""), (REVIEW, "too_many"), (REVIEW, "too_many")]
    assert taken(mail(), FRIDAY, reader).outcome == OPENED, "a mail without files takes none of them"
    for _ in range(2):
        take_in("a.txt", [b"x"], by=company.anna, at=FRIDAY)


def with_files(count, **headers):
    """Return a mail with so many files, all of the same name."""
    file = '--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nNumber {}\n'
    files = "".join(file.format(number) for number in range(count))
    body = f"--b\nContent-Type: text/plain\n\nIt is broken.\n{files}--b--"
    return mail(body=body, MIME_Version="1.0", Content_Type='multipart/mixed; boundary="b"', **headers)


def test_a_manager_opens_a_ticket_with_the_files_of_a_mail_that_waited(company, reader, settings):
    settings.FILES_AN_HOUR = 1
    waiting = taken(with_files(2, sender=NORA), FRIDAY, reader)
    assert waiting.outcome == REVIEW
    ticket = reviewing.open_for(waiting, company.anna, by=company.mara, at=FRIDAY)
    assert ticket.messages.get().attachments.count() == 2


PEOPLE = [None, Sender(1, True, False), Sender(2, True, True), Sender(3, False, False)]
WAYS = [
    (),
    *(
        (Way(7, person, sealed, may),)
        for person, sealed, may in itertools.product((1, 2, 9), (True, False), (True, False))
    ),
]
ALL_FACTS = [
    Facts(
        sender=sender, vouched=vouched, automatic=automatic, hint=hint, is_absence=hint == "absence",
        is_given_back=hint == "failure", letter=letter, from_us=ours, ways=ways,
    )
    for sender, vouched, automatic, hint, letter, ours, ways in itertools.product(
        PEOPLE, ("pass", "fail", ""), ("", "report"), ("", "list", "bulk", "absence", "failure"), (None, 5),
        (True, False), WAYS,
    )
]  # fmt: skip


def test_whatever_no_person_wrote_does_nothing_on_a_ticket():
    quiet = {Deed.IGNORE, Deed.BOUNCE, Deed.REVIEW}
    for facts in ALL_FACTS:
        if facts.automatic or facts.from_us:
            assert decide(facts).deed in quiet, facts
        if facts.is_absence and facts.ways:
            decision = decide(facts)
            is_of_customer = facts.sender and not facts.sender.works_for_vendor and facts.ways[0].may_write
            # A customer may choose any subject; what joins keeps no promise, and the vendor's absences do nothing.
            allowed = quiet | {Deed.JOIN} if is_of_customer and decision.proof is not Proof.NONE else quiet
            assert decision.deed in allowed, facts


def test_what_only_looks_automatic_is_never_decided_away_and_never_confirmed():
    for facts in ALL_FACTS:
        if facts.hint in {"list", "bulk"} and facts.sender and not facts.automatic and not facts.from_us:
            decision = decide(facts)
            assert decision.deed is not Deed.IGNORE, facts
            if decision.deed is Deed.OPEN:
                assert facts.vouched == "pass" and decision.because in UNCONFIRMED, facts
            if facts.hint == "bulk":
                assert decision.deed is not Deed.ANSWER, facts


def test_only_who_takes_part_and_is_believed_writes_on_a_ticket():
    for facts in ALL_FACTS:
        decision = decide(facts)
        if decision.deed in {Deed.JOIN, Deed.ANSWER, Deed.NOTE}:
            assert facts.sender.is_active and facts.vouched != "fail", facts
            assert facts.ways[0].may_write, facts
            assert facts.vouched == "pass" or facts.ways[0].person == facts.sender.key, facts


def test_only_a_proven_agent_with_her_own_sealed_letter_answers():
    for facts in ALL_FACTS:
        if decide(facts).deed in {Deed.ANSWER, Deed.NOTE}:
            assert facts.sender.works_for_vendor and facts.vouched == "pass", facts
            assert facts.ways[0].is_sealed and facts.ways[0].person == facts.sender.key, facts
