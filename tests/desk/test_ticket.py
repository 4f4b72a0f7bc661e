"""The page of a ticket, and what agents write on it."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, drafts
from puntuale.tickets.assignment import assign
from puntuale.tickets.merging import merge
from puntuale.tickets.models import Attachment, Cancellation, Draft, Grounds, Message, PromiseEnding, Ticket
from puntuale.tickets.resolution import cancel
from puntuale.watch import ringing
from tests.desk.conftest import at
from tests.pages import words


def test_the_page_of_a_running_promise_says_that_an_answer_keeps_it(ada, waiting):
    said = words(ada.get(at(waiting["soon"])))
    assert "Answer to Anna public · keeps the promise" in said
    assert "Internal note customers never see this" in said
    assert "Plan Advanced Product Telephony Agreement version 1" in said
    assert "State: open" in said


def test_the_panel_tells_who_the_customer_is_and_how_well_we_kept_our_word(ada, waiting, company, now):
    kept = company.ticket(company.andrea, "2", now.at - timedelta(days=2), subject="Long ago")
    conversation.answer(kept, body="Yes.", by=company.ada, at=now.at - timedelta(days=2), then=Phase.RESOLVED)
    missed = company.ticket(company.andrea, "1", now.at - timedelta(days=2), subject="Too late")
    conversation.answer(missed, body="Sorry.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    company.anna.zone_name = "Asia/Kolkata"
    company.anna.save()
    said = words(ada.get(at(waiting["soon"])))
    assert "Northwind Telephony Advanced kept 1 of the last 2" in said
    assert f"Open promises #{waiting['missed'].number} Missed P1 · was due today 11:18 CET" in said
    assert "Answered before" in said
    assert "Reads English Time there 16:30 IST" in said


def test_a_plan_tells_until_when_it_runs(ada, ticket, company):
    contract = company.advanced.contracts.get()
    contract.ends_at = datetime.fromisoformat("2027-04-04T10:00:00+02:00")
    contract.save()
    assert "Advanced · until 4 April 2027" in words(ada.get(at(ticket)))


@pytest.mark.parametrize("number", ["1", "99999999999999999999"])
def test_a_ticket_that_is_not_there_is_not_found(ada, number):
    for page in ("", "changes/", "next/", "reclassification/", "replies/1/"):
        assert ada.get(f"/en/desk/{number}/{page}").status_code == 404
    deeds = (
        "answers notes draft/continuation insertion waiting continuation resolution reopening restoration separation "
        "merge presence absence mentions"
    )
    for action in deeds.split():
        assert ada.post(f"/en/desk/{number}/{action}/", {"body": "x", "into": "1"}).status_code == 404
    assert ada.post(f"/en/desk/{number}/assignment/", {"to": "me"}).status_code == 404
    assert ada.post(f"/en/desk/{number}/cancellation/", {"because": "spam"}).status_code == 404
    assert ada.post(f"/en/desk/{number}/followers/", {"person": "me"}).status_code == 404


# --- answers ------------------------------------------------------------------------------------------------


def test_a_public_answer_keeps_the_promise_and_both_see_it(signed_in, waiting):
    ticket = waiting["soon"]
    said = words(
        signed_in("ada").post(at(ticket, "answers/"), {"body": "We are on it.", "then": "waiting"}, follow=True)
    )
    assert f"#{ticket.number} answered: the promise is kept." in said
    assert "answered in time" in said
    assert PromiseEnding.objects.get().verdict == "met"
    assert f"#{ticket.number}" not in words(signed_in("ada").get("/en/desk/"))
    assert f"#{ticket.number}" in words(signed_in("ada").get("/en/desk/queues/waiting/"))
    assert "answered in time" in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))


def test_an_answer_after_it_was_due_is_called_late(ada, waiting):
    ticket = waiting["missed"]
    assert "public · ends the promise, late" in words(ada.get(at(ticket)))
    said = words(ada.post(at(ticket, "answers/"), {"body": "Sorry."}, follow=True))
    assert f"#{ticket.number} answered, after it was due." in said
    assert "answered 0:42 late" in said


def test_a_later_answer_makes_no_second_verdict(ada, waiting, company, now):
    ticket = waiting["soon"]
    conversation.answer(ticket, body="First.", by=company.grace, at=now.at)
    said = words(ada.post(at(ticket, "answers/"), {"body": "Second."}, follow=True))
    assert "First." in said
    assert "Second." in said
    assert f"#{ticket.number}: the answer is sent." in said
    assert PromiseEnding.objects.count() == 1


@pytest.mark.parametrize(
    ("then", "phase"), [("waiting", "waiting"), ("open", "open"), ("resolved", "resolved"), ("x", "open"), ("", "open")]
)
def test_after_an_answer_the_ticket_stands_as_was_chosen_and_never_waits_by_itself(ada, ticket, then, phase):
    ada.post(at(ticket, "answers/"), {"body": "Hello.", "then": then})
    ticket.refresh_from_db()
    assert ticket.phase == phase


def test_one_sending_answers_takes_and_goes_on_with_the_next_ticket(ada, waiting, company):
    missed, soon = waiting["missed"], waiting["soon"]
    sent = {"body": "Sorry.", "then": "resolved", "takes": "on", "onwards": "1"}
    response = ada.post(at(missed, "answers/?queue=missed"), sent)
    assert response.url == "/en/desk/queues/missed/", "nothing else is missed"
    missed.refresh_from_db()
    assert (missed.phase, missed.assignee) == ("resolved", company.ada)
    response = ada.post(at(soon, "answers/?plan=advanced"), {"body": "Yes.", "onwards": "1"})
    assert response.url == at(waiting["beta"], "?plan=advanced")


def test_nothing_of_it_happens_when_a_part_of_it_cannot(ada, ticket, monkeypatch):
    def fails(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr("puntuale.desk.views.writing.assign", fails)
    with pytest.raises(RuntimeError):
        ada.post(at(ticket, "answers/"), {"body": "Hello.", "takes": "on"})
    assert Message.objects.count() == 1
    assert Ticket.objects.get().answered_at is None


@pytest.mark.parametrize("body", ["", " \n", "b" * 200_001])
@pytest.mark.parametrize("box", ["answers", "notes"])
def test_an_empty_or_endless_text_is_told_and_keeps_nothing(ada, ticket, body, box):
    response = ada.post(at(ticket, f"{box}/"), {"body": body, "then": "resolved"})
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'aria-invalid="true"' in shown
    assert body.strip() in shown
    assert shown.count(" open>") == 1, "the box it was written in is open, and only that"
    assert PromiseEnding.objects.count() == 0
    assert Message.objects.count() == 1


def test_what_the_customer_wrote_meanwhile_is_shown_before_anything_is_sent(ada, ticket, company, now):
    seen = Message.objects.get().pk
    conversation.follow_up(ticket, body="It works again!", by=company.anna, at=now.at)
    file = SimpleUploadedFile("how to.txt", b"first, second, third")
    sent = {"body": "Please restart it.", "seen": seen, "then": "resolved", "takes": "on", "file": file}
    response = ada.post(at(ticket, "answers/"), sent)
    assert response.status_code == 409
    said = words(response)
    assert "Not sent yet: somebody wrote meanwhile." in said
    assert said.count("It works again!") == 2, "in the story, and above the box"
    assert "Please restart it." in said
    assert "how to.txt" in said
    shown = response.content.decode()
    assert 'value="resolved" checked' in shown
    assert 'name="takes" value="on" checked' in shown
    assert Message.objects.count() == 2
    latest, key = Message.objects.latest("pk").pk, Attachment.objects.get().key
    assert f'name="seen" value="{latest}"' in shown
    again = {"body": "Please restart it.", "seen": latest, "then": "open", "files": key}
    assert ada.post(at(ticket, "answers/"), again).status_code == 302
    assert Attachment.objects.get().message == Message.objects.latest("pk")


def test_a_colleagues_answer_meanwhile_is_shown_too_and_a_note_is_not(ada, ticket, company, now):
    seen = Message.objects.get().pk
    conversation.note(ticket, body="Careful.", by=company.grace, at=now.at)
    assert ada.post(at(ticket, "answers/"), {"body": "One.", "seen": seen}).status_code == 302
    seen = Message.objects.latest("pk").pk
    conversation.answer(ticket, body="Two.", by=company.grace, at=now.at)
    assert ada.post(at(ticket, "answers/"), {"body": "Three.", "seen": seen}).status_code == 409
    assert ada.post(at(ticket, "answers/"), {"body": "Three.", "seen": "nonsense"}).status_code == 302


def test_a_text_that_is_refused_does_not_count_as_having_read_what_is_new(ada, ticket, company, now):
    seen = Message.objects.get().pk
    conversation.follow_up(ticket, body="Wait!", by=company.anna, at=now.at)
    response = ada.post(at(ticket, "answers/"), {"body": "", "seen": seen})
    assert f'name="seen" value="{seen}"' in response.content.decode()


def test_a_file_that_cannot_be_taken_is_told_and_the_others_stay(ada, ticket):
    files = [
        SimpleUploadedFile("good.txt", b"good"),
        SimpleUploadedFile("empty.txt", b""),
        SimpleUploadedFile("x.exe", b"MZ"),
    ]
    response = ada.post(at(ticket, "answers/"), {"body": "See attached.", "file": files})
    assert response.status_code == 422
    said = words(response)
    assert "empty.txt is empty." in said
    assert "x.exe is a program" in said
    assert "See attached." in said
    key = Attachment.objects.get().key
    assert f'value="{key}" checked' in response.content.decode()
    ada.post(at(ticket, "answers/"), {"body": "See attached.", "files": key})
    assert Attachment.objects.get().message.body == "See attached."


def test_a_ticket_that_was_merged_meanwhile_takes_no_answer_and_the_text_stays(ada, ticket, company, now):
    other = company.ticket(company.anna, "2", now.at)
    merge(ticket, into=other, by=company.grace, at=now.at)
    response = ada.post(at(ticket, "answers/"), {"body": "Here you are."})
    assert response.status_code == 409
    assert "This ticket was merged into another one meanwhile." in words(response)
    shown = response.content.decode()
    assert "Here you are." in shown
    assert f'action="{at(other, "answers/")}"' in shown, "sent again, it goes where the ticket went"
    assert shown.count(" open>") == 1
    again = ada.post(at(other, "answers/"), {"body": "Here you are.", "seen": "0"})
    assert again.status_code == 409
    assert "Not sent yet: somebody wrote meanwhile." in words(again)


def test_a_ticket_that_was_cancelled_meanwhile_takes_no_answer_and_the_text_stays(ada, ticket, company, now):
    cancel(ticket, because=Cancellation.Because.SPAM, telling="", by=company.grace, at=now.at)
    response = ada.post(at(ticket, "answers/"), {"body": "Here you are."})
    assert response.status_code == 409
    assert "This ticket is cancelled. Bring it back first." in words(response)
    assert "Here you are." in words(response)


def key_of(response, box):
    form = response.content.decode().partition(f'id="{box}-form"')[2]
    return re.search(r'name="key" value="([^"]+)"', form)[1]


def test_a_form_that_arrives_twice_is_one_answer_and_does_nothing_else_again(ada, ticket, company, now):
    page = ada.get(at(ticket))
    key = key_of(page, "answer")
    assert key != key_of(page, "note")
    sent = {"body": "Please restart it.", "key": key, "takes": "on", "then": "resolved"}
    ada.post(at(ticket, "answers/"), sent)
    assign(ticket, to=company.grace, by=company.mara, at=now.at)
    drafts.keep(company.ada, place=Draft.Place.ANSWER, ticket=ticket, body="The next one", at=now.at)
    now.at += timedelta(seconds=3)
    again = ada.post(at(ticket, "answers/"), sent, follow=True)
    said = words(again)
    assert f"#{ticket.number}: the answer is sent." in said
    assert said.count("Please restart it.") == 1
    assert "The next one" in said
    assert key_of(again, "answer") != key
    ticket.refresh_from_db()
    assert (ticket.assignee, Message.objects.count()) == (company.grace, 2)


def test_a_note_that_arrives_twice_is_one_note(ada, ticket, now):
    key = key_of(ada.get(at(ticket)), "note")
    for _ in range(2):
        assert ada.post(at(ticket, "notes/"), {"body": "Ask Jonas.", "key": key}).status_code == 302
        now.at += timedelta(seconds=3)
    assert Message.objects.get(audience="internal").body == "Ask Jonas."


@pytest.mark.parametrize(("box", "form"), [("answers", "answer"), ("notes", "note")])
def test_a_form_keeps_its_key_until_it_is_spent_and_then_gets_a_fresh_one(ada, ticket, box, form):
    key = key_of(ada.get(at(ticket)), form)
    refused = ada.post(at(ticket, f"{box}/"), {"body": "", "key": key})
    assert key_of(refused, form) == key
    ada.post(at(ticket, f"{box}/"), {"body": "Once.", "key": key})
    spent = ada.post(at(ticket, f"{box}/"), {"body": "Back, and another text.", "key": key})
    assert spent.status_code == 422
    assert "This form was used for another message already." in words(spent)
    assert "Back, and another text." in words(spent)
    assert key_of(spent, form) != key
    ada.post(at(ticket, f"{box}/"), {"body": "Back, and another text.", "key": key_of(spent, form)})
    assert Message.objects.count() == 3


def test_a_form_that_is_shown_with_what_came_meanwhile_keeps_its_key(ada, ticket, company, now):
    page = ada.get(at(ticket))
    key, seen = key_of(page, "answer"), Message.objects.get().pk
    conversation.follow_up(ticket, body="It works again!", by=company.anna, at=now.at)
    assert key_of(ada.post(at(ticket, "answers/"), {"body": "Yes.", "seen": seen, "key": key}), "answer") == key


# --- notes and drafts ---------------------------------------------------------------------------------------


def test_a_note_is_marked_and_keeps_nothing(signed_in, waiting):
    ticket = waiting["soon"]
    said = words(signed_in("ada").post(at(ticket, "notes/"), {"body": "Ask Jonas."}, follow=True))
    assert "Internal note · Ada Byron" in said
    assert "customers never see this Ask Jonas." in said
    assert "0:14 left" in said
    assert "Ask Jonas." not in words(signed_in("anna").get(f"/en/tickets/{ticket.number}/"))


def test_both_boxes_keep_drafts_of_their_own_until_they_are_sent(ada, ticket, company, now):
    for place in (Draft.Place.ANSWER, Draft.Place.NOTE):
        drafts.keep(company.ada, place=place, ticket=ticket, body=f"A draft of the {place}.", at=now.at)
    drafts.keep(company.grace, place=Draft.Place.ANSWER, ticket=ticket, body="Not hers.", at=now.at)
    said = words(ada.get(at(ticket)))
    assert "A draft of the answer." in said
    assert "A draft of the note." in said
    assert "Not hers." not in said
    ada.post(at(ticket, "notes/"), {"body": "A draft of the note."})
    assert set(Draft.objects.filter(person=company.ada).values_list("place", flat=True)) == {"answer"}
    ada.post(at(ticket, "answers/"), {"body": ""})
    assert Draft.objects.filter(person=company.ada).count() == 1
    ada.post(at(ticket, "answers/"), {"body": "A draft of the answer."})
    assert not Draft.objects.filter(person=company.ada).exists()


def test_an_answer_that_was_being_written_when_the_ticket_was_merged_is_not_lost(signed_in, ticket, company, now):
    other = company.ticket(company.anna, "2", now.at, subject="Stays")
    drafts.keep(company.ada, place=Draft.Place.ANSWER, ticket=ticket, body="Half an *answer*", at=now.at)
    merge(ticket, into=other, by=company.grace, at=now.at)
    for number, name in ((ticket, "ada"), (other, "ada"), (ticket, "grace"), (other, "grace")):
        said = words(signed_in(name).get(at(number)))
        told = f"You were writing an answer on #{ticket.number} when it was merged. Nobody else sees it. Half an answer"
        assert (told in said) is (name == "ada")
    ada = signed_in("ada")
    assert f"Go on with it in #{other.number}" in words(ada.get(at(ticket)))
    assert ada.post(at(ticket, "draft/continuation/?queue=mine")).url == at(other, "?queue=mine")
    shown = ada.get(at(other)).content.decode()
    assert "\nHalf an *answer*</textarea>" in shown
    assert "You were writing" not in shown
    assert ada.post(at(ticket, "draft/continuation/")).url == at(other), "a second click leads there, too"


def test_an_answer_that_does_not_fit_behind_the_one_there_is_told(ada, ticket, company, now):
    other = company.ticket(company.anna, "2", now.at)
    for on in (ticket, other):
        drafts.keep(company.ada, place=Draft.Place.ANSWER, ticket=on, body="x" * 150_000, at=now.at)
    merge(ticket, into=other, by=company.grace, at=now.at)
    response = ada.post(at(ticket, "draft/continuation/"))
    assert response.status_code == 422
    assert "This text has 300,002 characters; at most 200,000 characters fit." in words(response)


# --- hands and readers --------------------------------------------------------------------------------------


def test_taking_giving_on_and_giving_back(ada, ticket, company):
    said = words(ada.post(at(ticket, "assignment/"), {"to": "me"}, follow=True))
    assert "Agent Ada Byron" in said
    assert "Give back" in said
    said = words(ada.post(at(ticket, "assignment/"), {"to": company.grace.pk}, follow=True))
    assert "Agent Grace Hopper" in said
    said = words(ada.post(at(ticket, "assignment/?queue=mine"), {"to": "nobody"}, follow=True))
    assert "Agent –" in said
    for nonsense in ("", "x", company.anna.pk, "0"):
        assert ada.post(at(ticket, "assignment/"), {"to": nonsense}).status_code == 404


def test_colleagues_of_the_customer_and_agents_read_along(ada, ticket, company):
    said = words(ada.post(at(ticket, "followers/"), {"person": company.andrea.pk}, follow=True))
    assert "Reading along Andrea Rossi" in said
    said = words(ada.post(at(ticket, "followers/"), {"person": "me"}, follow=True))
    assert "Ada Byron desk" in said
    assert "Read along myself" not in said
    refused = ada.post(at(ticket, "followers/"), {"person": company.paola.pk})
    assert refused.status_code == 403
    assert "Only people of the customer's organisation can read along." in words(refused)
    assert ada.post(at(ticket, "followers/"), {"person": "x"}).status_code == 404
    ada.post(at(ticket, f"followers/{company.andrea.pk}/removal/"))
    assert "Remove Andrea Rossi" not in words(ada.get(at(ticket)))


def test_the_page_asks_the_database_as_often_for_a_long_story_as_for_a_short_one(
    ada, ticket, company, now, django_assert_max_num_queries
):
    def more(count):
        for number in range(count):
            conversation.note(ticket, body="@ada look.", by=company.grace, at=now.at)
            conversation.answer(ticket, body="Yes.", by=company.grace, at=now.at)
            conversation.follow_up(ticket, body="And?", by=company.anna, at=now.at)
            to = str(3 - number % 2)
            if ticket.priority != to:
                classification.reclassify(
                    ticket, to=to, because=Grounds.OTHER, telling="So.", by=company.grace, at=now.at
                )
                ticket.refresh_from_db()
            company.ticket(company.andrea, "2", now.at)

    more(3)
    ada.get(at(ticket))
    with django_assert_max_num_queries(45) as few:
        ada.get(at(ticket))
    more(15)
    with django_assert_max_num_queries(len(few)):
        ada.get(at(ticket))


def test_the_latest_three_alarms_are_in_sight_and_those_before_are_folded(ada, company, now):
    ticket, began = company.ticket(company.anna, "1", now.at), now.at

    def card(minutes):
        for minute in (30, 45, 54, 60, 90):
            if minute <= minutes:
                ringing.go_round(at=began + timedelta(minutes=minute))
        now.at = began + timedelta(minutes=minutes)
        shown = ada.get(at(ticket)).content.decode().partition('<section class="card watch">')[2]
        return shown.partition("</section>")[0]

    assert "<details>" not in card(54)
    folded, _, in_sight = card(90).partition("</details>")
    assert "2 earlier alarms" in folded
    levels = ("50 % of the time", "75 % of the time", "90 % of the time", "due now", "0:30 after due")
    assert [level for level in levels if level in folded] == list(levels[:2])
    assert [level for level in levels if level in in_sight] == list(levels[2:])


def test_going_back_and_sending_the_same_again_sends_nothing_twice(ada, waiting, now):
    ticket = waiting["soon"]
    first, newer = uuid4(), uuid4()
    ada.post(at(ticket, "answers/"), {"body": "Try this.\r\n", "key": first, "then": "waiting"})
    now.at += timedelta(minutes=1)
    again = ada.post(at(ticket, "answers/"), {"body": "Try this.", "key": newer, "then": "resolved"}, follow=True)
    assert "already sent. Nothing was sent twice." in words(again)
    assert ticket.messages.filter(body="Try this.").count() == 1
    ticket.refresh_from_db()
    assert ticket.phase == "waiting"


def test_a_note_is_not_written_twice_by_going_back_either(ada, waiting):
    ticket = waiting["soon"]
    for _ in range(2):
        assert ada.post(at(ticket, "notes/"), {"body": "Hm.", "key": uuid4()}).status_code == 302
    assert ticket.messages.filter(body="Hm.").count() == 1


@pytest.mark.parametrize("between", ["other words", "the customer wrote", "an hour", "a colleague"])
def test_the_same_words_are_sent_again_where_they_are_meant_again(ada, waiting, company, now, between):
    ticket = waiting["soon"]
    ada.post(at(ticket, "answers/"), {"body": "Any news?", "key": uuid4()})
    if between == "other words":
        ada.post(at(ticket, "answers/"), {"body": "And the log?", "key": uuid4()})
    elif between == "the customer wrote":
        conversation.follow_up(ticket, body="No.", by=company.anna, at=now.at)
    elif between == "a colleague":
        conversation.answer(ticket, body="Hello.", by=company.grace, at=now.at)
    else:
        now.at += timedelta(hours=2)
    ada.post(at(ticket, "answers/"), {"body": "Any news?", "key": uuid4()})
    assert ticket.messages.filter(body="Any news?").count() == 2
