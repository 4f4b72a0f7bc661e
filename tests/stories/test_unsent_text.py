"""What people have written and not sent: it survives, it comes back, it is sent once, and nobody else ever sees it."""

import pytest

from puntuale.tickets.models import Attachment, Draft, Message, Ticket

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

NEW = "/en/tickets/new/"


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


@pytest.fixture
def page_of(ticket):
    return f"/en/desk/{ticket.number}/"


@pytest.fixture
def ada(visitor, page_of):
    return visitor().signs_in("ada@puntuale.test").opens(page_of)


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "log.txt"
    file.write_text("one\ntwo")
    return str(file)


def kept_here(visitor):
    return visitor.page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('draft:'))")


def writes(visitor, field, text):
    """Type at the end of a field, as people do."""
    visitor.page.focus(field)
    visitor.page.press(field, "Control+End")
    visitor.page.keyboard.type(text)


def signs_in_here(visitor, email="ada@puntuale.test"):
    visitor.page.fill("#id_username", email)
    visitor.page.fill("#id_password", "a long enough secret")
    visitor.page.click("main button[type=submit]")
    visitor.page.wait_for_load_state()


# --- two copies -------------------------------------------------------------------------------------------------


def test_what_is_typed_after_the_session_ended_is_newer_than_what_the_server_has(ada):
    ada.page.fill("#answer", "First sentence.")
    ada.sees("Draft saved")
    ada.context.clear_cookies(name="sessionid")
    writes(ada, "#answer", " Second sentence.")
    ada.sees("Draft kept on this computer")
    ada.looks_again().sees("You are signed out. What you typed is kept on this computer.")
    ada.page.click("text=Sign in again")
    signs_in_here(ada)
    ada.sees("Your unsent text is back.")
    assert ada.page.input_value("#answer") == "First sentence. Second sentence."
    ada.sees("Draft saved")
    assert Draft.objects.get().body == "First sentence. Second sentence."
    assert kept_here(ada) == []


def test_what_is_typed_without_network_comes_back_in_a_new_tab(ada, page_of):
    ada.page.fill("#answer", "Before the tunnel.")
    ada.sees("Draft saved")
    ada.context.set_offline(True)
    writes(ada, "#answer", " In the tunnel.")
    ada.sees("Draft kept on this computer")
    ada.complaints.clear()
    tab = ada.context.new_page()
    ada.page.close()
    ada.context.set_offline(False)
    ada.page = tab
    ada.opens(page_of).sees("Your unsent text is back.")
    assert ada.page.input_value("#answer") == "Before the tunnel. In the tunnel."


def test_of_two_devices_that_write_both_texts_are_offered(visitor, ada, page_of, ticket):
    phone = visitor(width=390).signs_in("ada@puntuale.test").opens(page_of)
    ada.page.fill("#answer", "Written at the desk.")
    ada.sees("Draft saved")
    phone.page.fill("#answer", "Written on the phone.")
    phone.sees("There is another version of this text", "Written at the desk.", "Not saved yet: choose a version.")
    phone.complaints.clear()
    phone.is_content()
    assert Draft.objects.get().body == "Written at the desk.", "nothing is overwritten before somebody chose"
    phone.page.reload()
    phone.sees("There is another version of this text")
    versions = {phone.page.input_value("#answer"), phone.page.inner_text("#answer-form [data-other-text]")}
    assert versions == {"Written at the desk.", "Written on the phone."}
    if phone.page.input_value("#answer") == "Written on the phone.":
        phone.page.click("#answer-form >> text=Use this version")
    assert phone.page.input_value("#answer") == "Written at the desk."
    phone.page.click("#answer-form >> text=Use this version")
    assert phone.page.input_value("#answer") == "Written on the phone."
    phone.page.click("#answer-form >> text=Discard it")
    phone.sees("Draft saved")
    assert Draft.objects.get().body == "Written on the phone."
    assert kept_here(phone) == []


def test_of_two_windows_without_network_neither_text_is_lost(ada, page_of):
    other = ada.context.new_page()
    other.goto(f"{ada.site}{page_of}")
    ada.context.set_offline(True)
    ada.page.fill("#answer", "In the first window.")
    ada.sees("Draft kept on this computer")
    other.fill("#answer", "In the second window.")
    other.wait_for_selector("text=There is another version of this text")
    ada.page.close()
    other.close()
    ada.context.set_offline(False)
    ada.page = ada.context.new_page()
    ada.opens(page_of).sees("There is another version of this text")
    versions = {ada.page.input_value("#answer"), ada.page.inner_text("#answer-form [data-other-text]")}
    assert versions == {"In the first window.", "In the second window."}


def test_of_two_windows_without_network_neither_subject_is_lost(visitor, company):
    anna = visitor().signs_in("anna@northwind.test").opens(NEW)
    other = anna.context.new_page()
    other.goto(f"{anna.site}{NEW}")
    anna.context.set_offline(True)
    anna.page.fill("#subject", "In the first window")
    anna.sees("Draft kept on this computer")
    other.fill("#subject", "In the second window")
    other.wait_for_selector("text=There is another version of this text")
    assert other.inner_text("[data-other-text]") == "In the first window"
    anna.context.set_offline(False)


def test_of_two_devices_neither_answer_to_the_same_call_is_lost(visitor, company, now):
    form = f"/en/desk/new/{company.anna.pk}/"
    ada = visitor().signs_in("ada@puntuale.test").opens(form)
    ada.page.fill("#body", "Since this morning.")
    ada.page.fill("#answer", "We are")
    ada.sees("Draft saved")
    ada.context.clear_cookies(name="sessionid")
    writes(ada, "#answer", " looking.")
    ada.sees("Draft kept on this computer")
    now.is_("2026-11-20T15:00:09+00:00")
    phone = visitor().signs_in("ada@puntuale.test").opens(form)
    phone.page.fill("#answer", "Please restart it.")
    phone.sees("Draft saved").is_content()
    ada.complaints.clear()
    ada.page.goto(f"{ada.site}/en/sign-in/")
    signs_in_here(ada)
    ada.opens(form).sees("There is another version of this text")
    versions = [ada.page.input_value("#answer"), ada.page.inner_text("[data-other-text]")]
    assert versions == ["Please restart it.", "Since this morning.\n\nWe are looking."]


def test_of_two_windows_with_the_same_words_neither_file_is_lost(ada, page_of, log, tmp_path, now):
    ada.page.fill("#answer", "See the file.")
    ada.sees("Draft saved")
    now.is_("2026-11-20T15:00:09+00:00")
    other = ada.context.new_page()
    other.goto(f"{ada.site}{page_of}")
    other.set_input_files("#answer-form input[type=file]", log)
    other.wait_for_selector("#answer-form >> text=Draft saved")
    trace = tmp_path / "trace.txt"
    trace.write_text("three")
    ada.page.set_input_files("#answer-form input[type=file]", str(trace))
    ada.sees("There is another version of this text")
    ada.complaints.clear()
    assert "log.txt" in ada.page.inner_text("#answer-form [data-other-text]")
    assert [file.name for file in Attachment.objects.exclude(draft=None)] == ["log.txt"]


def test_a_page_that_is_left_with_a_long_text_keeps_it_in_the_browser(ada, page_of):
    long = "A very long story. " * 5_000
    ada.page.fill("#answer", long)
    ada.opens("/en/desk/")
    ada.opens(page_of)
    assert ada.page.input_value("#answer") == long
    ada.is_content()


# --- files ------------------------------------------------------------------------------------------------------


def test_files_are_part_of_a_draft(visitor, ada, page_of, log):
    ada.page.fill("#answer", "See the file.")
    ada.page.set_input_files("#answer-form input[type=file]", log)
    ada.page.wait_for_selector("#answer-form >> text=log.txt")
    ada.sees("Draft saved")
    ada.page.reload()
    ada.sees("log.txt")
    assert ada.page.input_value("#answer") == "See the file."
    phone = visitor(width=390).signs_in("ada@puntuale.test").opens(page_of).sees("log.txt")
    phone.is_content()
    phone.page.click("text=Send the answer")
    phone.sees("answered: the promise is kept.", "log.txt")
    sent = Attachment.objects.get()
    assert (sent.message, sent.draft) == (Message.objects.latest("pk"), None)


def test_a_file_alone_is_a_draft_and_one_that_is_taken_out_is_none(ada, log):
    ada.page.set_input_files("#answer-form input[type=file]", log)
    ada.sees("Draft saved")
    assert Draft.objects.get().attachments.count() == 1
    ada.page.reload()
    ada.page.uncheck("#answer-form [name=files]")
    ada.page.wait_for_function("document.querySelector('#answer [data-said]')?.textContent !== 'Draft saved'")
    ada.page.wait_for_timeout(2_000)
    assert not Draft.objects.exists()
    assert Attachment.objects.get().draft is None


# --- a ticket taken by phone ------------------------------------------------------------------------------------


def test_a_ticket_taken_by_phone_survives_and_takes_files(visitor, company, log, now):
    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/new/{company.anna.pk}/")
    ada.page.check("[name=environment][value=staging]", force=True)
    ada.page.fill("#subject", "Calls drop")
    ada.page.fill("#body", "Since this morning.")
    ada.page.fill("#answer", "We are looking.")
    ada.page.set_input_files("form.phone input[type=file]", log)
    ada.page.wait_for_selector("form.phone >> text=log.txt")
    ada.sees("Draft saved").is_content()
    ada.opens("/en/desk/").opens("/en/desk/new/").sees("Calls drop Anna Conti").is_content()
    ada.page.click("text=Calls drop")
    shown = [ada.page.input_value(f"#{field}") for field in ("subject", "body", "answer")]
    assert shown == ["Calls drop", "Since this morning.", "We are looking."]
    assert ada.page.is_checked("[name=environment][value=staging]")
    ada.sees("log.txt")
    ada.opens(f"/en/desk/new/{company.andrea.pk}/")
    assert ada.page.input_value("#body") == "", "another caller has a form of their own"
    ada.opens(f"/en/desk/new/{company.anna.pk}/")
    ada.page.click("text=Open the ticket")
    ada.sees("Calls drop", "Since this morning.", "We are looking.", "log.txt")
    assert Ticket.objects.get().environment == "staging"
    assert not Draft.objects.exists()
    ada.opens(f"/en/desk/new/{company.anna.pk}/")
    assert ada.page.input_value("#body") == ""


def test_the_choices_of_a_new_ticket_come_back_with_its_text(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens(NEW)
    anna.page.check("#priority-2", force=True)
    anna.page.fill("#subject", "Slow")
    anna.page.fill("#body", "Since noon.")
    anna.page.fill("#colleagues", "andrea@northwind.test")
    anna.sees("Draft saved").opens("/en/tickets/").opens(NEW)
    assert anna.page.is_checked("#priority-2")
    assert anna.page.input_value("#colleagues") == "andrea@northwind.test"
    anna.page.click("text=Send the ticket")
    anna.sees("is in.")
    assert Ticket.objects.get().priority == "2"


# --- sent once, and forgotten -----------------------------------------------------------------------------------


def test_going_back_after_sending_brings_nothing_back_to_send_again(ada, page_of):
    ada.page.fill("#answer", "Only once.")
    ada.sees("Draft saved")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.")
    ada.page.go_back()
    ada.page.wait_for_load_state()
    assert ada.page.input_value("#answer") == ""
    ada.opens(page_of)
    assert ada.page.input_value("#answer") == ""
    assert kept_here(ada) == []
    assert not Draft.objects.exists()
    assert Message.objects.filter(body="Only once.").count() == 1


def test_going_back_after_sending_brings_no_further_field_back(visitor, company):
    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/new/{company.anna.pk}/")
    for field in ("subject", "body", "answer"):
        ada.page.fill(f"#{field}", f"The {field}.")
    ada.sees("Draft saved")
    ada.page.click("text=Open the ticket")
    ada.sees("The answer.")
    ada.page.go_back()
    ada.page.wait_for_load_state()
    assert [ada.page.input_value(f"#{field}") for field in ("subject", "body", "answer")] == ["", "", ""]


def test_a_text_whose_sending_went_unheard_makes_one_message(ada, page_of):
    ada.page.fill("#answer", "Heard, or not?")
    ada.sees("Draft saved")
    # The server takes it, and the answer is lost on its way.
    ada.page.evaluate(
        """async () => {
            const form = document.querySelector('#answer-form');
            await fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' });
            document.cookie = 'taken=; max-age=0; path=/';
            const place = Object.keys(localStorage).find((name) => name.startsWith('draft:'));
            return place;
        }"""
    )
    ada.page.focus("#answer")
    ada.page.keyboard.press("Control+End")
    ada.page.keyboard.press("Space")
    ada.page.keyboard.press("Backspace")
    ada.sees("This text was already sent.")
    assert ada.page.input_value("#answer") == ""
    ada.page.reload()
    assert ada.page.input_value("#answer") == ""
    assert Message.objects.filter(body="Heard, or not?").count() == 1


def test_another_window_forgets_what_was_sent(ada, page_of):
    ada.page.fill("#answer", "From one of two windows.")
    ada.sees("Draft saved")
    other = ada.context.new_page()
    other.goto(f"{ada.site}{page_of}")
    assert other.input_value("#answer") == "From one of two windows."
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.")
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert other.input_value("#answer") == ""
    assert "This text was already sent." in other.inner_text("#answer-form")


def test_a_ticket_sent_by_way_of_the_page_for_those_signed_out_is_not_unsent(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens(NEW)
    anna.page.fill("#subject", "Calls drop")
    anna.page.fill("#body", "Since this morning.")
    anna.sees("Draft saved")
    anna.context.clear_cookies(name="sessionid")
    writes(anna, "#body", " And at noon.")
    anna.sees("Draft kept on this computer")
    anna.page.click("text=Send the ticket")
    anna.sees("You are signed out")
    with anna.context.expect_page() as opened:
        anna.page.click("text=Sign in, in a new tab")
    tab = opened.value
    tab.fill("#id_username", "anna@northwind.test")
    tab.fill("#id_password", "a long enough secret")
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/tickets/")
    anna.page.click("button:has-text('Send it again')")
    anna.sees("is in.", "And at noon.")
    assert kept_here(anna) == []
    anna.opens(NEW)
    assert anna.page.input_value("#body") == ""
    anna.opens("/en/tickets/").does_not_see("not sent yet")
    assert Ticket.objects.count() == 1


# --- whose it is ------------------------------------------------------------------------------------------------


def test_signing_out_saves_what_is_unsaved_and_clears_the_browser(ada, page_of):
    ada.page.fill("#answer", "Half an answer")
    ada.page.click("button[title='Sign out']")
    ada.page.wait_for_url("**/guarantee/")
    assert kept_here(ada) == []
    assert Draft.objects.get().body == "Half an answer"
    ada.signs_in("ada@puntuale.test").opens(page_of)
    assert ada.page.input_value("#answer") == "Half an answer"


def test_signing_out_asks_when_something_could_not_be_saved(ada):
    asked = []
    ada.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    ada.page.route("**/drafts/", lambda route: route.abort())
    ada.page.fill("#answer", "Cannot be saved")
    ada.page.click("button[title='Sign out']")
    ada.page.wait_for_timeout(500)
    assert asked == ["Some of your text could not be saved and will be lost. Sign out anyway?"]
    assert ada.page.input_value("#answer") == "Cannot be saved"
    ada.complaints.clear()


def test_nobody_else_on_this_computer_ever_has_ones_text(ada, page_of):
    ada.page.fill("#answer", "Not for Grace")
    ada.sees("Draft saved")
    ada.context.clear_cookies(name="sessionid")
    writes(ada, "#answer", ", never")
    ada.sees("Draft kept on this computer")
    ada.opens("/en/sign-in/")
    assert len(kept_here(ada)) == 1
    signs_in_here(ada, "grace@puntuale.test")
    ada.opens(page_of)
    assert ada.page.input_value("#answer") == ""
    assert kept_here(ada) == []


def test_a_page_of_somebody_who_is_not_signed_in_any_more_writes_into_nobodys_draft(
    visitor, ada, company, page_of, now
):
    ada.page.fill("#answer", "By Ada")
    ada.sees("Draft saved")
    other = ada.context.new_page()
    other.goto(f"{ada.site}/en/desk/")
    other.click("button[title='Sign out']")
    other.wait_for_url("**/guarantee/")
    other.goto(f"{ada.site}/en/sign-in/")
    other.fill("#id_username", "grace@puntuale.test")
    other.fill("#id_password", "a long enough secret")
    other.click("main button[type=submit]")
    other.wait_for_load_state()
    writes(ada, "#answer", ", still")
    ada.sees("Draft kept on this computer")
    assert {(one.person, one.body) for one in Draft.objects.all()} == {(company.ada, "By Ada")}
    ada.complaints.clear()
    ada.page.click("text=Send the answer")
    ada.sees("What you wrote").does_not_see("Send it again")
    assert Message.objects.count() == 1


def test_what_was_typed_elsewhere_and_kept_there_survives_what_is_sent_here(visitor, ada, page_of):
    phone = visitor(width=390).signs_in("ada@puntuale.test").opens(page_of)
    ada.page.fill("#answer", "A long answer, begun at the desk.")
    ada.sees("Draft saved")
    ada.opens("/en/desk/")
    phone.page.fill("#answer", "A short one.")
    phone.page.click("text=Send the answer")
    phone.sees("the promise is kept.")
    ada.opens(page_of)
    assert ada.page.input_value("#answer") == "A long answer, begun at the desk."
    ada.page.click("text=Send the answer")
    ada.sees("A long answer, begun at the desk.")
    assert not Draft.objects.exists()


def test_signing_out_on_another_page_saves_what_only_the_browser_has(ada, page_of):
    ada.page.fill("#answer", "The server has this.")
    ada.sees("Draft saved")
    ada.page.route("**/drafts/", lambda route: route.abort())
    writes(ada, "#answer", " The browser has this.")
    ada.sees("Draft kept on this computer")
    ada.page.unroute("**/drafts/")
    ada.complaints.clear()
    ada.page.on("dialog", lambda dialog: dialog.accept())
    ada.page.evaluate("window.stop()")
    ada.page.route("**/drafts/", lambda route: route.abort())
    ada.opens("/en/desk/")
    ada.page.unroute("**/drafts/")
    ada.page.click("button[title='Sign out']")
    ada.page.wait_for_url("**/guarantee/")
    assert kept_here(ada) == []
    assert Draft.objects.get().body == "The server has this. The browser has this."
    ada.complaints.clear()


def test_more_files_than_go_with_a_message_are_refused_at_once(ada, tmp_path):
    files = []
    for number in range(12):
        (tmp_path / f"{number}.txt").write_text(str(number))
        files.append(str(tmp_path / f"{number}.txt"))
    ada.page.set_input_files("#answer-form input[type=file]", files)
    ada.sees("11.txt: At most 10 files can go with one message.")
    assert ada.page.locator("#answer-form [name=files]:checked").count() == 10


# --- what it will look like -------------------------------------------------------------------------------------


def test_the_preview_is_what_is_sent_and_leads_back(visitor, ada, page_of):
    ada.page.fill("#answer", "> quoted\n\n`code` and https://status.example.org/2.")
    ada.page.click("#answer-form >> text=Preview")
    ada.page.wait_for_selector("#answer-form [data-shown] a")
    shown = ada.page.inner_html("#answer-form [data-shown] .said")
    assert '<a href="https://status.example.org/2"' in shown
    ada.is_content().page.click("#answer-form >> text=Edit")
    assert ada.page.is_visible("#answer")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.")
    assert ada.page.locator("#told .message .said").last.inner_html().strip() == shown.strip()


def test_without_scripts_no_button_is_dead(visitor, page_of):
    ada = visitor(scripts=False).signs_in("ada@puntuale.test").opens(page_of)
    assert not ada.page.is_visible("text=Preview")
    anna = visitor(scripts=False).signs_in("anna@northwind.test").opens(NEW)
    assert not anna.page.is_visible("text=Preview")
