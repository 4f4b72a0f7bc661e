"""What agents write: answers that keep promises, notes that customers never see, and texts that nothing can lose."""

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import saved_replies
from puntuale.tickets.models import Attachment, Audience, Draft, Mention, Message, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

LOOKS = "one => getComputedStyle(one).borderColor + getComputedStyle(one).backgroundColor"


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


@pytest.fixture
def ada(visitor, ticket):
    return visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")


@pytest.fixture
def trace(tmp_path):
    file = tmp_path / "how to restart.txt"
    file.write_text("first, second, third")
    return str(file)


def test_an_answer_is_looked_at_before_it_is_sent_and_takes_a_file_along(visitor, ada, company, trace):
    ada.sees("Answer to Anna public · keeps the promise", "Internal note customers never see this")
    ada.page.fill("#answer", "Please **restart** it.")
    ada.page.click("#answer-form >> text=Preview")
    assert ada.page.locator("#answer-form [data-shown] strong").inner_text() == "restart"
    ada.page.set_input_files("#answer-form input[type=file]", trace)
    ada.page.wait_for_selector("#answer-form >> text=how to restart.txt")
    ada.is_content().page.click("#answer-form >> text=Edit")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.", "Please restart it.", "how to restart.txt", "State: open").is_content()
    assert ada.page.input_value("#answer") == "", "what is sent does not come back"
    assert Attachment.objects.get().message == Message.objects.latest("pk")
    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{Ticket.objects.get().number}/")
    with anna.page.expect_download() as download:
        anna.page.click("text=how to restart.txt")
    assert download.value.suggested_filename == "how to restart.txt"
    assert list(differences(Ticket.objects.all())) == []


def test_two_clicks_send_one_answer(ada):
    ada.page.fill("#answer", "Only once.")
    ada.page.dblclick("text=Send the answer")
    ada.sees("the promise is kept.", "Only once.")
    assert Message.objects.filter(body="Only once.").count() == 1


def test_a_note_is_no_answer_and_the_customer_receives_no_byte_of_it(visitor, ada, company, ticket, trace):
    ada.page.fill("#answer", "A half sentence for Anna")
    ada.page.click("text=Internal note")
    # Only one of the two boxes is open, and each has its own paper, words and button.
    assert not ada.page.is_visible("#answer")
    assert not ada.page.is_visible("text=Send the answer")
    assert ada.page.is_visible("text=Keep as internal note")
    assert ada.page.eval_on_selector("#answer-face", LOOKS) != ada.page.eval_on_selector("#note-face", LOOKS)
    ada.page.fill("#note", "Zanzibar, says @grace. See [here](https://zanzibar.test).")
    ada.page.set_input_files("#note-form input[type=file]", trace)
    ada.page.wait_for_selector("#note-form >> text=how to restart.txt")
    ada.is_content().page.focus("#note")
    ada.page.keyboard.press("Control+Enter")
    ada.sees("Internal note · Ada Byron", "customers never see this Zanzibar", "keeps the promise").is_content()
    assert ada.page.input_value("#note") == ""
    assert ada.page.input_value("#answer") == "A half sentence for Anna"
    assert Message.objects.latest("pk").audience == Audience.INTERNAL

    anna = visitor().signs_in("anna@northwind.test").opens("/en/tickets/")
    hers = f"/en/tickets/{ticket.number}/"
    for path in (hers, f"{hers}changes/", "/en/tickets/", "/en/tickets/organisation/", "/en/tickets/found/?q=says"):
        received = anna.context.request.get(f"{anna.site}{path}").text()
        for secret in ("anzibar", "@grace", "Ada Byron", "A half sentence", "how to restart.txt"):
            assert secret not in received, path
    anna.opens("/en/tickets/found/?q=Zanzibar").does_not_see("Calls drop")


def test_a_colleague_who_is_mentioned_finds_it(visitor, ada, company, ticket):
    ada.page.click("text=Internal note")
    ada.page.fill("#note", "@grace have you seen this before?")
    ada.page.click("text=Keep as internal note")
    ada.sees("have you seen this before?")
    grace = visitor().signs_in("grace@puntuale.test").opens("/en/desk/queues/mentions/")
    grace.sees("Ada Byron mentioned you").is_content()
    grace.page.click("text=Calls drop")
    grace.sees("You are mentioned here.", "have you seen this before?").is_content()
    grace.page.click("text=Mark as seen")
    grace.opens("/en/desk/queues/mentions/").sees("Nothing here.")
    assert Mention.objects.get().seen_at


def test_a_saved_reply_is_written_once_and_does_three_things_in_one_key(visitor, ada, company, ticket):
    ada.opens("/en/desk/replies/").sees("No saved replies yet.").is_content().page.click("text=New reply")
    ada.page.fill("#title", "Restart")
    ada.page.fill("#body", "Dear {{ customer.nickname }}, please restart.")
    ada.is_content().page.click("main button:text-is('Save')")
    ada.sees("There is no variable “customer.nickname”. There are: {{ customer.name }}")
    ada.complaints.clear()
    ada.page.fill("#body", "Dear {{ customer.first_name }}, please restart ({{ ticket.number }}).\n{{ agent.name }}")
    ada.page.select_option("#then", "resolved")
    ada.page.check("[name=takes]")
    ada.page.click("main button:text-is('Save')")
    ada.sees("Saved.", "then resolved · takes the ticket").is_content()

    ada.opens(f"/en/desk/{ticket.number}/")
    ada.page.fill("#answer", "Good afternoon.")
    ada.page.select_option("#reply", label="Restart")
    ada.page.click("text=Insert")
    ada.sees("then resolves, takes the ticket").is_content()
    filled = f"Good afternoon.\n\nDear Anna, please restart (#{ticket.number}).\nAda Byron"
    assert ada.page.input_value("#answer") == filled
    assert ada.page.evaluate("document.activeElement.id") == "answer"
    ada.page.keyboard.press("Control+Enter")
    ada.sees("answered: the promise is kept.", "State: resolved", "Agent Ada Byron")
    ticket.refresh_from_db()
    assert (ticket.phase, ticket.assignee, ticket.messages.latest("pk").body) == ("resolved", company.ada, filled)
    assert list(differences(Ticket.objects.all())) == []


def test_half_an_answer_outlives_the_tab_and_waits_in_another_browser(visitor, ada, company, ticket):
    ada.page.fill("#answer", "Half an answer")
    ada.sees("Draft saved")
    ada.context.close()
    elsewhere = visitor(width=390).signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    assert elsewhere.page.input_value("#answer") == "Half an answer"
    elsewhere.is_content()
    grace = visitor().signs_in("grace@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    assert grace.page.input_value("#answer") == ""
    elsewhere.page.fill("#answer", "A whole answer")
    elsewhere.page.click("text=Send the answer")
    elsewhere.sees("answered: the promise is kept.", "A whole answer")
    assert elsewhere.page.input_value("#answer") == ""
    assert not Draft.objects.exists()


def test_without_network_and_without_a_session_the_text_stays_on_this_computer(ada, ticket):
    ada.context.set_offline(True)
    ada.page.fill("#answer", "Written on a train")
    ada.sees("Draft kept on this computer")
    ada.complaints.clear()
    ada.context.set_offline(False)
    ada.page.reload()
    ada.sees("Your unsent text is back.")
    assert ada.page.input_value("#answer") == "Written on a train"
    ada.context.clear_cookies(name="sessionid")
    ada.looks_again().sees("You are signed out. What you typed is kept on this computer.")
    ada.page.click("text=Sign in again")
    ada.page.fill("#id_username", "ada@puntuale.test")
    ada.page.fill("#id_password", "a long enough secret")
    ada.page.click("main button[type=submit]")
    ada.sees("Answer to Anna")
    ada.page.wait_for_load_state()
    assert ada.page.input_value("#answer") == "Written on a train"
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.", "Written on a train")


def test_answering_and_noting_without_scripts(visitor, company, ticket, trace, now):
    saved_replies.save(
        title="Hello", body="Dear {{ customer.name }},", then=Phase.RESOLVED, by=company.grace, at=now.at
    )
    ada = visitor(scripts=False).signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    ada.page.click("text=Internal note")
    ada.page.fill("#note", "Ask @grace.")
    ada.page.click("text=Keep as internal note")
    ada.sees("Internal note · Ada Byron", "Ask @grace.")
    ada.page.click("text=Insert")
    assert ada.page.input_value("#answer") == "Dear Anna Conti,"
    assert ada.page.is_checked("[name=then][value=resolved]")
    ada.page.fill("#answer", " ")
    ada.page.set_input_files("#answer-form input[type=file]", trace)
    ada.page.click("text=Send the answer")
    ada.sees("Please write something here.", "how to restart.txt")
    ada.page.fill("#answer", "Dear Anna Conti,\n\nplease restart it.")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.", "please restart it.", "how to restart.txt", "State: resolved")
    assert [one.audience for one in Message.objects.order_by("pk")] == ["public", "internal", "public"]
