"""What agents and customers see of mail on a ticket, and what managers make of mail that waits."""

from urllib.parse import unquote

import pytest

from puntuale.mail.incoming import handling
from puntuale.mail.models import Bounce, Incoming, Outcome, Proof
from puntuale.mail.threads import Thread, reply_address
from puntuale.people.models import Person
from puntuale.tickets import conversation, resolution
from puntuale.tickets.models import Attachment, Ticket
from tests.mail.post import PASSED, letter, mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY, endings, fresh

SAID = "Since noon.\n\nOn Fri, 20 Nov 2026 at 16:00, Support wrote:\n> Since when does it happen?\n\n-- \nAnna Conti"


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


@pytest.fixture
def answered(ticket, company, reader):
    """Anna's answer by mail to what Ada asked."""
    conversation.answer(ticket, body="Since when does it happen?", by=company.ada, at=FRIDAY)
    address = reply_address(Thread(ticket.pk, company.anna.pk))
    return taken(mail(To=address, body=SAID), FRIDAY, reader)


def bounced(letter, status="5.1.1"):
    """What a mail server sends back when a letter cannot be delivered."""
    parts = [
        "--b\nContent-Type: text/plain\n\nYour message could not be delivered.\n",
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.northwind.test\n\n"
        f"Final-Recipient: rfc822; {letter.address}\nAction: failed\nStatus: {status}\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\n",
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: Your ticket\nMessage-ID: <{letter.key}@vendor.example>\n",
        "--b--",
    ]
    return mail(
        "MAILER-DAEMON@mx.northwind.test", "\n".join(parts), Return_Path="<>", Subject="Undelivered Mail",
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )  # fmt: skip


@pytest.mark.parametrize(("name", "route"), [("ada", "desk"), ("anna", "tickets")])
def test_what_is_quoted_is_folded_and_nothing_is_lost(signed_in, ticket, answered, name, route):
    page = signed_in(name).get(f"/en/{route}/{ticket.number}/").content.decode()
    own, _, rest = page.partition("<details><summary>Quoted text</summary>")
    assert "Since noon." in own
    assert "Since when does it happen?" in rest
    assert own.count("Since when") == 1
    message = answered.mailed.message
    assert message.body == SAID


def test_agents_see_who_is_not_verified_and_get_the_mail_itself(signed_in, company, reader):
    forged = taken(mail(), FRIDAY, reader).ticket
    proven = taken(mail(Authentication_Results=PASSED), FRIDAY, reader).ticket
    ada = signed_in("ada")
    assert "sender not verified" in ada.get(f"/en/desk/{forged.number}/").content.decode()
    assert "sender not verified" not in ada.get(f"/en/desk/{proven.number}/").content.decode()
    assert "not verified" not in signed_in("anna").get(f"/en/tickets/{forged.number}/").content.decode()


def test_the_mail_itself_is_only_saved(signed_in, answered):
    response = signed_in("ada").get(f"/en/desk/mail/{answered.pk}/")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"Since noon." in b"".join(response.streaming_content)
    response.close()


def test_a_letter_that_came_back_is_shown_to_agents_only(signed_in, ticket, company, reader):
    told = letter(ticket.events.get(), company.anna, FRIDAY)
    one = taken(bounced(told), MONDAY, reader)
    assert (one.outcome, one.ticket) == (Outcome.BOUNCED, ticket)
    bounce = Bounce.objects.get()
    assert (bounce.intent, bounce.status, bounce.said) == (told, "5.1.1", "smtp; 550 5.1.1 no such mailbox")
    assert bounce.is_for_good
    shown = signed_in("ada").get(f"/en/desk/{ticket.number}/").content.decode()
    assert "A letter to anna@northwind.test came back" in shown
    assert "550 5.1.1 no such mailbox" in shown
    assert "came back" not in signed_in("anna").get(f"/en/tickets/{ticket.number}/").content.decode()
    assert endings(ticket) == [None]
    assert fresh(ticket).last_event == 1


def test_an_absence_is_folded_on_the_agents_page(signed_in, ticket, company, reader):
    address = reply_address(Thread(ticket.pk, company.anna.pk))
    taken(mail(To=address, Auto_Submitted="auto-replied", body="I am at the sea."), MONDAY, reader)
    shown = signed_in("ada").get(f"/en/desk/{ticket.number}/").content.decode()
    assert "A mail that no person wrote" in shown
    assert "I am at the sea." in shown.partition("<details>")[2]
    assert "at the sea" not in signed_in("anna").get(f"/en/tickets/{ticket.number}/").content.decode()


def test_files_come_along_once_and_programs_stay_in_the_mail(signed_in, company, reader):
    def part(name, content, more=""):
        return f'--b\nContent-Type: image/png; name="{name}"\n{more}Content-Transfer-Encoding: base64\n\n{content}\n'

    body = "".join(
        [
            '--b\nContent-Type: text/html\n\n<p>See <img src="cid:one"> and <img src="cid:gone">.</p>\n',
            part("screen.png", "aGVsbG8=", "Content-ID: <one>\n"),
            part("same.png", "aGVsbG8=", "Content-ID: <two>\n"),
            part("..\\..\\etc/run.exe", "d29ybGQ="),
            "--b--",
        ]
    )
    one = taken(mail(body=body, Content_Type="multipart/related; boundary=b"), FRIDAY, reader)
    message = one.mailed.message
    assert message.body == "See [screen.png] and [image]."
    assert list(Attachment.objects.filter(message=message).values_list("name", flat=True)) == ["screen.png"]
    assert one.mailed.left_out == ["run.exe"]
    assert "run.exe" in signed_in("ada").get(f"/en/desk/{one.ticket_id}/").content.decode()


@pytest.fixture
def stranger(company, reader):
    return taken(mail("Nora <nora@elsewhere.test>", Subject="Help <b>me</b>", body="Words & more."), FRIDAY, reader)


@pytest.fixture
def mara(signed_in):
    return signed_in("mara")


def test_a_manager_reads_what_waits(mara, stranger):
    page = mara.get("/en/office/mail/").content.decode()
    assert "we do not know the sender" in page
    assert "Help &lt;b&gt;me&lt;/b&gt;" in page
    assert "Words &amp; more." in page
    assert "1 mail waits for somebody." in mara.get("/en/office/").content.decode()


def test_she_opens_a_ticket_whose_clock_began_when_the_mail_came(mara, stranger, company, now):
    now.at = MONDAY
    refused = mara.post(f"/en/office/mail/{stranger.pk}/opening/", {"address": "nora@elsewhere.test"})
    assert (refused.status_code, "No customer has this address." in refused.content.decode()) == (422, True)
    mara.post(f"/en/office/mail/{stranger.pk}/opening/", {"address": "Paola@fabrikam.test"})
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.priority, ticket.plan) == (company.paola, "3", "professional")
    assert ticket.promises.get().start_at == FRIDAY
    assert ticket.messages.get().mailed.proof == Proof.PERSON
    one = Incoming.objects.get()
    assert (one.outcome, one.settled_by, one.text) == (Outcome.OPENED, company.mara, "")
    again = mara.post(f"/en/office/mail/{stranger.pk}/opening/", {"address": "paola@fabrikam.test"}, follow=True)
    assert "already said" in again.content.decode()
    assert Ticket.objects.count() == 1


def test_she_puts_it_on_a_ticket_as_a_note(mara, stranger, ticket, company):
    assert mara.post(f"/en/office/mail/{stranger.pk}/attachment/", {"ticket": "nonsense"}).status_code == 422
    mara.post(f"/en/office/mail/{stranger.pk}/attachment/", {"ticket": f"#{ticket.number}"})
    note = ticket.messages.get(audience="internal")
    assert note.body == "nora@elsewhere.test\nHelp <b>me</b>\n\nWords & more."
    assert fresh(ticket).answered_at is None


def test_she_puts_it_away_for_a_reason(mara, stranger):
    assert mara.post(f"/en/office/mail/{stranger.pk}/dismissal/", {"because": "x"}).status_code == 422
    mara.post(f"/en/office/mail/{stranger.pk}/dismissal/", {"because": "spam"})
    one = Incoming.objects.get()
    assert (one.outcome, one.because) == (Outcome.DISMISSED, "spam")
    assert "No mail waits for anybody." in mara.get("/en/office/mail/").content.decode()


def test_it_is_looked_into_again_once_the_sender_is_known(mara, stranger, company, reader, now):
    Person.objects.create(name="Nora", email="nora@elsewhere.test", organisation=company.basic, joined_at=FRIDAY)
    mara.post(f"/en/office/mail/{stranger.pk}/second-look/")
    handling.go_round(now.at, reader)
    assert Incoming.objects.get().outcome == Outcome.OPENED
    assert Ticket.objects.get().submitted_at == FRIDAY


def ignored(company, reader, **headers):
    return taken(mail(Auto_Submitted="auto-generated", Authentication_Results=PASSED, **headers), FRIDAY, reader)


def test_what_was_set_aside_is_listed_by_reason_with_its_count(mara, company, ticket, reader, stranger):
    for n in range(3):
        ignored(company, reader, Subject=f"Robot {n}")
    to = reply_address(Thread(ticket.pk, company.ada.pk))
    away = mail(company.ada.email, To=to, Subject="Autosvar: Calls drop", Authentication_Results=PASSED)
    taken(away, FRIDAY, reader)
    taken(bounced(letter(ticket.events.get(), company.anna, FRIDAY)), FRIDAY, reader)
    page = mara.get("/en/office/mail/?show=ignored").content.decode()
    for said in ("Needs review (1)", "Ignored (4)", "Bounced (1)", "Archived (0)"):
        assert said in page
    assert "says that no person wrote it (3)" in page
    assert "a notice of absence (1)" in page
    assert page.count("Robot ") == 3
    absent = mara.get("/en/office/mail/?show=ignored&because=absence").content.decode()
    assert "Robot" not in absent
    assert "Autosvar: Calls drop" in absent
    assert "Undelivered Mail" in mara.get("/en/office/mail/?show=returned").content.decode()
    assert "Help &lt;b&gt;me" in mara.get("/en/office/mail/?show=nonsense&because=").content.decode()
    mara.post(f"/en/office/mail/{stranger.pk}/dismissal/", {"because": "spam"})
    assert "Help &lt;b&gt;me" in mara.get("/en/office/mail/?show=archived").content.decode()


def test_long_lists_of_it_come_in_pages_that_keep_the_reason(mara):
    Incoming.objects.bulk_create(
        Incoming(
            mailbox="pipe", message_id=str(n), content="", digest=str(n), size=1, kept_at=FRIDAY, received_at=FRIDAY,
            outcome=Outcome.IGNORED, because=("report", "absence")[n % 2], subject=f"Robot {n}.",
        )
        for n in range(120)
    )  # fmt: skip
    page = mara.get("/en/office/mail/?show=ignored&because=report").content.decode()
    assert page.count("Robot ") == 50
    assert "?show=ignored&amp;because=report&amp;page=2" in page
    second = mara.get("/en/office/mail/?show=ignored&because=report&page=2").content.decode()
    assert second.count("Robot ") == 10
    assert "Robot 1." not in second


@pytest.mark.parametrize("kind", ["ignored", "returned", "archived"])
def test_one_click_makes_a_ticket_of_it(mara, company, ticket, reader, now, kind):
    now.at = MONDAY
    if kind == "returned":
        one = taken(bounced(letter(ticket.events.get(), company.anna, FRIDAY)), FRIDAY, reader)
    else:
        one = ignored(company, reader)
    if kind == "archived":
        mara.post(f"/en/office/mail/{one.pk}/dismissal/?show=ignored", {"because": "done"})
    sent = mara.post(f"/en/office/mail/{one.pk}/opening/?show={kind}", {"address": "anna@northwind.test"})
    assert sent["Location"] == f"/en/office/mail/?show={kind}&because="
    opened = Incoming.objects.get(pk=one.pk)
    assert (opened.outcome, opened.mailed.proof) == (Outcome.OPENED, Proof.PERSON)
    assert opened.ticket.promises.get().start_at == FRIDAY
    assert opened.mailed.reference.endswith("@northwind.test>")


def test_one_click_makes_it_a_message_of_its_sender(mara, company, ticket, reader, now):
    now.at = MONDAY
    conversation.answer(ticket, body="Done.", by=company.ada, at=FRIDAY)
    resolution.resolve(ticket, by=company.ada, at=FRIDAY)
    address = reply_address(Thread(ticket.pk, company.anna.pk))
    automatic = {"To": address, "Subject": "Vacation", "Auto_Submitted": "auto-replied"}
    one = taken(mail(body="It is broken again.", **automatic), FRIDAY, reader)
    assert one.outcome == Outcome.IGNORED
    mara.post(f"/en/office/mail/{one.pk}/attachment/?show=ignored", {"ticket": ticket.number, "as": "message"})
    written = ticket.messages.order_by("pk").last()
    assert (written.author, written.body, written.audience) == (company.anna, "It is broken again.", "public")
    assert fresh(ticket).phase == "open"
    joined = Incoming.objects.get(pk=one.pk)
    assert (joined.outcome, joined.received_at, written.written_at) == (Outcome.JOINED, FRIDAY, MONDAY)


def test_a_strangers_mail_is_no_customers_message(mara, stranger, ticket, company, reader):
    sent = {"ticket": ticket.number, "as": "message"}
    refused = mara.post(f"/en/office/mail/{stranger.pk}/attachment/", sent)
    assert (refused.status_code, "isn&#x27;t a customer" in refused.content.decode()) == (422, True)
    other = taken(mail("paola@fabrikam.test", List_Id="<x>"), FRIDAY, reader)
    assert mara.post(f"/en/office/mail/{other.pk}/attachment/", sent).status_code == 422
    assert ticket.messages.count() == 1


def test_a_ticket_without_a_confirmation_says_why_to_agents(signed_in, company, reader):
    one = taken(mail(Authentication_Results=PASSED, List_Id="<support.vendor.example>"), FRIDAY, reader)
    shown = signed_in("ada").get(f"/en/desk/{one.ticket_id}/").content.decode()
    assert "No confirmation was sent" in shown
    assert "from a mailing list" in shown
    assert "No confirmation" not in signed_in("anna").get(f"/en/tickets/{one.ticket_id}/").content.decode()


def test_mail_costs_a_ticket_page_no_more_queries_for_more_of_it(
    signed_in, company, ticket, reader, django_assert_max_num_queries
):
    ada, address = signed_in("ada"), reply_address(Thread(ticket.pk, company.anna.pk))
    taken(mail(To=address), FRIDAY, reader)
    taken(mail(To=address, Auto_Submitted="auto-replied"), FRIDAY, reader)
    ada.get(f"/en/desk/{ticket.number}/")
    with django_assert_max_num_queries(45) as few:
        ada.get(f"/en/desk/{ticket.number}/")
    for number in range(5):
        taken(mail(To=address, body=f"{number}"), FRIDAY, reader)
        taken(mail(To=address, body=f"{number}", Auto_Submitted="auto-replied"), FRIDAY, reader)
    with django_assert_max_num_queries(len(few)):
        ada.get(f"/en/desk/{ticket.number}/")


@pytest.mark.parametrize("written", ["%00", "a%00b", "stranger%00", "%F0%9F"])
def test_what_no_database_takes_in_a_question_is_left_out(signed_in, reader, written):
    one = taken(mail("nora@elsewhere.test"), FRIDAY, reader)
    mara = signed_in("mara")
    assert mara.get(f"/en/office/mail/?show=waiting&because={written}").status_code == 200
    sent = mara.post(
        f"/en/office/mail/{one.pk}/opening/?because={written}", {"address": f"x{unquote(written)}y@z.test"}
    )
    assert sent.status_code == 422
