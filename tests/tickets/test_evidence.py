"""A ticket's evidence is checked without the desk, and whatever is changed in it is found."""

import copy
import hashlib
import json
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.agreements.models import Publication
from puntuale.cli import evidence as commands
from puntuale.cli.asking import Call, Failed
from puntuale.guarantee import chain, evidence
from puntuale.people.models import Person
from puntuale.privacy.erasing import erase
from puntuale.tickets import anchoring, classification, conversation, merging, resolution, waiting
from puntuale.tickets.chaining import breaks
from puntuale.tickets.evidence import bundle_of
from puntuale.tickets.models import Grounds, Ticket
from tests.tickets.deeds import FRIDAY, fresh, publish_goals
from tests.tickets.test_replay import DEEDS, do

HOUR = timedelta(hours=1)


def carried(ticket, at=FRIDAY + timedelta(days=7)):
    """Return the bundle as it arrives elsewhere."""
    return evidence.read(json.dumps(bundle_of(fresh(ticket), at=at)))


def wrong(bundle):
    return [finding.what for finding in evidence.check(bundle) if not finding.is_sound]


@pytest.fixture
def story(company):
    """A ticket with goals, raised, merged with, waited for, answered late and reopened."""
    publish_goals(FRIDAY - timedelta(days=30))
    ticket, other = company.ticket(company.anna, "3", FRIDAY), company.ticket(company.anna, "2", FRIDAY - 4 * HOUR)
    ada = {"by": company.ada}
    classification.reclassify(ticket, to="2", because=Grounds.OTHER, telling="t", at=FRIDAY + HOUR, **ada)
    merging.merge(other, into=ticket, at=FRIDAY + 2 * HOUR, **ada)
    conversation.answer(ticket, body="Yes?", at=FRIDAY + timedelta(days=4), **ada)
    waiting.wait(ticket, at=FRIDAY + timedelta(days=4, hours=1), **ada)
    conversation.follow_up(ticket, body="So.", by=company.anna, at=FRIDAY + timedelta(days=5))
    resolution.resolve(ticket, at=FRIDAY + timedelta(days=6), **ada)
    anchoring.anchor(at=FRIDAY + timedelta(days=6))
    resolution.reopen(ticket, at=FRIDAY + timedelta(days=6, hours=1), **ada)
    return ticket


def test_what_is_stored_is_verified(story):
    findings = evidence.check(carried(story))
    assert [finding.what for finding in findings if not finding.is_sound] == []
    assert any(finding.what.startswith("the events up to 7 are anchored on 2026-11-26 by") for finding in findings)
    assert findings[0].what == f"ticket {story.number}: the chain of 8 events is whole"
    assert "first_response met_late" in findings[-1].what
    assert any(one["sum"] for one in carried(story)["promises"]["first_response"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(who=st.sampled_from(["anna", "bruno"]), priority=st.sampled_from(["1", "2", "3"]), deeds=DEEDS)
def test_any_story_is_verified(company, who, priority, deeds):
    if Publication.objects.count() == 1:
        publish_goals(FRIDAY - timedelta(days=30))
    customer = getattr(company, who)
    ticket, other = company.ticket(customer, priority, FRIDAY), company.ticket(customer, "2", FRIDAY)
    for deed, seconds in deeds:
        do(deed, company, ticket, other, customer, FRIDAY + timedelta(seconds=seconds))
    for one in Ticket.objects.all():
        assert wrong(carried(one, at=one.last_event_at)) == []


OWN_WORD = {("format",), ("exported_at",), ("next_anchor_at",)}


def places(value, path=()):
    """Yield the path to everything in a bundle, but to what may be left out or be another: the format, whole anchors."""
    if path and path not in OWN_WORD and (path[0] != "anchors" or len(path) > 2):
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def at_place(bundle, path):
    for key in path[:-1]:
        bundle = bundle[key]
    return bundle, path[-1]


def changed(value, other):
    if isinstance(value, bool) or value is None:
        return 7
    if isinstance(value, int):
        return value + 1 + abs(other)
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return type(value)() if value else [other]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_changed_is_found(story, data):
    bundle = carried(story)
    path = data.draw(st.sampled_from(list(places(bundle))))
    holder, key = at_place(bundle, path)
    if data.draw(st.booleans()) and path[0] not in {"ticket", "last_digest"}:
        del holder[key]
    else:
        holder[key] = changed(holder[key], data.draw(st.integers(0, 5)))
    if bundle != carried(story):
        assert wrong(bundle) != []


def test_every_single_value_of_an_event_and_a_promise_counts(story):
    sound = carried(story)
    paths = list(places(sound))
    missed = []
    for path in paths:
        bundle = copy.deepcopy(sound)
        holder, key = at_place(bundle, path)
        holder[key] = changed(holder[key], 0)
        if bundle != sound and not wrong(bundle):
            missed.append(path)
    assert missed == []
    assert len(paths) > 200


def test_a_chain_forged_anew_still_has_to_lead_to_the_promises(story):
    bundle = carried(story)
    bundle["events"][4]["at"] = chain.instant(FRIDAY + HOUR)
    bundle = forged(bundle)
    assert any(what.startswith(("verdicts.", "promises.")) for what in wrong(bundle))


def test_a_chain_forged_anew_is_not_the_one_that_was_anchored(story):
    anchored = carried(story)["anchors"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tickets_event SET at = at - interval '1 second' WHERE number = 2")
        cursor.execute(import_module("puntuale.tickets.migrations.0008_chain").CHAIN.replace("ALTER", "-- ALTER"))
    bundle = carried(story)
    assert list(breaks()) == []
    assert [one["digest"] for one in bundle["anchors"]] == [one["digest"] for one in anchored]
    (told,) = wrong(bundle)
    assert told.startswith("the anchor of 2026-11-26 does not hold event 7: its root is ")
    assert "and the path from that event leads to" in told


def marks(bundle):
    return {finding.mark: finding.what for finding in evidence.check(bundle)}


def test_anchors_that_were_cut_out_are_missed(story):
    bundle = carried(story)
    assert set(marks(bundle)) == {"ok", "note"}
    told = marks(bundle | {"anchors": []})
    assert told["warning"].startswith(
        "no anchor holds events 1 to 5, and one is made within two days; the bundle says that it is of"
    )
    assert "whoever has all rights to the database can write anew" in told["warning"]
    late = marks(carried(story, at=FRIDAY + timedelta(days=9)))
    assert late["warning"].startswith("no anchor holds events 8 to 8")


def test_an_event_of_yesterday_need_not_be_anchored_and_that_is_said(company):
    ticket = company.ticket(company.anna, "2", FRIDAY)
    found = evidence.check(carried(ticket, at=FRIDAY + timedelta(days=2)))
    assert {finding.mark for finding in found} == {"ok", "note"}
    assert [finding.what for finding in found if finding.mark == "note"] == [
        "no anchor here holds version 1 of the agreement: that it was published is not shown",
        "no anchor yet for events 1 to 1: that they were not all written anew is not shown; by its own word the next is "
        "made at 2026-11-22T15:43:00.000000Z, ask again then",
        "not shown: that the bundle is of 2026-11-22T15:00:00.000000Z, and that nothing was recorded after its last event",
    ]
    assert "warning" in marks(carried(ticket, at=FRIDAY + timedelta(days=2, seconds=1)))


def test_what_is_owed_is_told_with_the_instant_it_is_owed_by(company):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    due = fresh(ticket).due_at
    plain, urgent = f"{due:%Y-%m-%dT%H:%M:%SZ}", fresh(ticket)
    assert evidence.check(carried(ticket))[-1].what == f"the verdict is the same: first_response owed by {plain}"
    lowering = {"to": "3", "because": Grounds.OTHER, "telling": "t", "by": company.ada, "at": due + HOUR}
    classification.confirm(classification.reclassify(urgent, **lowering), by=company.mara, at=due + 2 * HOUR)
    told = f"the verdict is the same: first_response missed at {plain} and still owed"
    assert evidence.check(carried(ticket))[-1].what == told
    free = company.ticket(company.bruno, "1", FRIDAY)
    assert evidence.check(carried(free))[-1].what == "the verdict is the same: first_response owed"


def test_what_came_in_since_the_last_anchor_is_told_when_the_next_is_made(story):
    told = [finding.what for finding in evidence.check(carried(story))]
    assert any(one.startswith("no anchor yet for events 8 to 8") and "at 2026-11-27T15:43:00.0" in one for one in told)
    anchoring.anchor(at=FRIDAY + timedelta(days=7))
    bundle = carried(story)
    assert bundle["next_anchor_at"] is None
    assert not any("no anchor yet" in finding.what for finding in evidence.check(bundle))


def test_an_event_that_comes_in_while_it_is_exported_is_in_it(story):
    bundle = carried(story, at=FRIDAY)
    assert bundle["exported_at"] == bundle["events"][-1]["at"]
    assert wrong(bundle) == []


def test_when_it_was_exported_can_neither_be_left_out_nor_be_before_its_events(story):
    bundle = carried(story) | {"anchors": []}
    assert wrong(bundle | {"exported_at": chain.instant(FRIDAY)})[0].startswith("exported_at is 2026-11-20T15:00")
    assert wrong(bundle | {"exported_at": "soon"})[0].startswith('exported_at is "soon", and has to be an instant')
    del bundle["exported_at"]
    assert "exported_at, which it follows from, is not told" in wrong(bundle)[0]
    del bundle["next_anchor_at"]
    assert "does not tell when it was exported" in marks(bundle)["warning"]


def test_another_agreement_is_not_the_one_that_was_anchored(story):
    bundle = carried(story)
    said = bundle["agreements"][-1]
    said["document"] = said["document"].replace('"3h business"', '"4h business"')
    said["digest"] = hashlib.sha256(said["document"].encode()).hexdigest()
    (told,) = wrong(bundle)
    assert told.startswith("the anchor of 2026-11-26 holds another agreement: the digest of version 2 is there ")


def test_another_agreement_leads_to_other_due_times(story):
    bundle = carried(story) | {"anchors": []}
    said = bundle["agreements"][-1]
    said["document"] = said["document"].replace('"3h business"', '"4h business"')
    said["digest"] = hashlib.sha256(said["document"].encode()).hexdigest()
    assert any("due_at" in what for what in wrong(bundle))


def test_a_promise_changed_in_the_database_is_found_in_the_bundle(story):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tickets_promisemade SET due_at = due_at + interval '1 day' WHERE due_at IS NOT NULL")
        cursor.execute("UPDATE tickets_promiseending SET verdict = 'met' WHERE verdict = 'met_late'")
    found = wrong(carried(story))
    assert any("due_at is" in what for what in found)
    assert any(".sum" in what for what in found)


@pytest.mark.django_db(transaction=True)
def test_a_person_who_is_erased_leaves_the_chain_whole(story, company):
    before = carried(story)
    erase(Person.objects.get(pk=company.anna.pk), by=company.mara, at=FRIDAY + timedelta(days=40))
    assert list(breaks()) == []
    assert carried(story) == before
    assert wrong(before) == []
    assert "Anna" not in json.dumps(before)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', "nonsense", "[" * 100_000])
def test_what_is_no_bundle_is_refused(text):
    with pytest.raises(evidence.BundleRefused):
        evidence.read(text)


@pytest.mark.parametrize("made_up", [{}, {"events": 7}, {"events": [1]}, {"events": [], "last_digest": ""}])
def test_what_somebody_made_up_is_told_and_not_tripped_over(made_up):
    assert wrong({"format": 1} | made_up) != []


CHECK = """
import sys
from puntuale.conf.main import main
try:
    main(["verify", sys.argv[1]])
finally:
    print(sorted({"django", "psycopg", "babel", "holidays"} & set(sys.modules)))
"""


def test_the_commands_hand_it_out_and_check_it_without_the_desk(story, tmp_path):
    file = tmp_path / "bundle.json"
    call = Call(datetime(2026, 11, 30, tzinfo=UTC), nullcontext)
    commands.command.main([str(story.number), "--output", str(file)], obj=call, standalone_mode=False)
    sound = verified(file)
    assert (sound.returncode, sound.stdout.splitlines()[-1]) == (0, "[]")
    assert "the verdict is the same" in sound.stdout
    cut = tmp_path / "cut.json"
    cut.write_text(json.dumps(json.loads(file.read_text()) | {"anchors": []}))
    told = verified(cut)
    assert (told.returncode, "warning  no anchor holds events 1 to" in told.stdout) == (0, True)
    file.write_text(file.read_text().replace('"met_late"', '"met"'))
    assert verified(file).returncode == 1
    with pytest.raises(Failed, match="There is no ticket 42"):
        commands.command.main(["42"], obj=call, standalone_mode=False)


def verified(file):
    return subprocess.run(
        [sys.executable, "-c", CHECK, str(file)],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def forged(bundle):
    """Return a bundle with a chain that is whole again, whatever its events say."""
    before = ""
    for event in bundle["events"]:
        said = {key: event[key] for key in ("number", "kind", "by", "facts")}
        at = datetime.fromisoformat(event["at"])
        before = event["digest"] = chain.link(before, ticket=bundle["ticket"], at=at, **said)
    return bundle | {"last_digest": before, "anchors": []}


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("events",), [1, 2], ["events[0] is 1, and has to be an object", "events[1] is 2, and has to be an object"]),
        (("events",), None, ["events is null, and has to be a list"]),
        (("events", 1, "at"), "2026-11-20", ['events[1].at is "2026-11-20", and has to be an instant with its offset']),
        (("events", 0, "number"), True, ["events[0].number is true, and has to be a whole number, 1 or more"]),
        (("events", 0, "facts", "plan"), 7, ["events[0].facts.plan is 7, and has to be a text that is not empty"]),
        (("events", 0, "more"), 7, ["events[0].more is 7, and an event has no such key"]),
        (
            ("events", 1, "facts", "version"),
            [],
            ["events[1].facts.version is [], and has to be a whole number, 1 or more"],
        ),
        (("agreements",), [], ["events[0].facts.version is 2, and agreements have no such version"]),
        (("agreements", 0, "document"), None, ["agreements[0].document is null, and has to be a text"]),
        (("anchors", 0, "event"), 10**30, [f"anchors[0].event is {10**30}, and no event has that number"]),
        (("anchors", 0, "day"), "soon", ['anchors[0].day is "soon", and has to be a day, as in 2026-11-20']),
        (("anchors", 0, "path"), 5, ["anchors[0].path is 5, and has to be a list"]),
        (("anchors", 0, "path"), [["up", "0" * 64]], ["and has to be a side, left or right, and a digest"]),
        (("anchors", 0, "path"), ["left"], ['anchors[0].path[0] is "left", and has to be a side, left or right']),
        (("promises", "first_response"), {}, ["promises.first_response is {}, and has to be a list"]),
        (("promises", "tomorrow"), [], ['a key of promises is "tomorrow", and has to be one of first_response']),
        (("verdicts", "first_response"), 1, ["verdicts.first_response is 1, and has to be one of met"]),
        (("last_digest",), "\ud800", ["it has half of a letter in it"]),
        (("events", 0, "facts", "deep"), json.loads("[" * 200 + "]" * 200), ["it is nested more than 60 deep"]),
    ],
)
def test_what_cannot_be_is_told_by_its_key_its_value_and_the_rule(story, path, value, told):
    bundle = carried(story)
    holder, key = at_place(bundle, path)
    holder[key] = value
    found = wrong(bundle)
    for line in told:
        assert any(line in one for one in found), found
    assert not any("Error" in one for one in found)


def test_an_event_that_cannot_have_come_there_is_named(story):
    bundle = carried(story)
    again = copy.deepcopy(bundle)
    again["events"][3] = again["events"][0] | {"number": 4}
    assert wrong(forged(again))[0].startswith("event 4 is submitted with {")
    bundle["events"][0]["facts"]["priority"] = "none of ours"
    assert wrong(forged(bundle))[0].startswith("event 1 is submitted with {")
    bundle["events"] = [bundle["events"][3] | {"kind": "noted", "number": 1}]
    assert "no event begins the ticket, and one has to: submitted" in wrong(forged(bundle))


ODD = [None, True, -1, 10**30, 1.5, float("nan"), "", "odd", [], [1], {}, {"a": 1}, [[]], "9999-12-31T23:59:59-14:00"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_odd_is_tripped_over_even_where_the_chain_is_whole(story, data):
    bundle = carried(story)
    holder, key = at_place(bundle, data.draw(st.sampled_from(list(places(bundle)))))
    holder[key] = data.draw(st.sampled_from(ODD))
    assert not any("Error" in what for what in wrong(bundle))
    try:
        bundle = forged(bundle)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return
    assert not any("Error" in what for what in wrong(bundle))


NOW = FRIDAY + timedelta(days=7, hours=1)
LIES = [
    "2026-11-20T15:00:00.000000Z", "2026-11-26T15:59:59.999999Z", "2026-11-27T17:00:00.000000Z", "2027-11-27T15:00:00.000000Z",
    "2026-11-27T15:43:00.000000Z", "2026-11-27T14:59:59.999999Z", "2026-11-28T00:43:00.000000Z", "2026-11-28T00:44:00.000000Z",
    "2026-11-27T15:00:00Z", "2026-11-27T16:00:00.000000+01:00", "2026-11-27T15:00:00.000001Z", "2026-11-27T16:43:00.000000Z",
    "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.000000Z", None,
]  # fmt: skip


@pytest.mark.parametrize("key", ["exported_at", "next_anchor_at"])
@pytest.mark.parametrize("lie", LIES)
def test_what_a_bundle_says_of_itself_is_found_wrong_or_is_not_called_shown(story, key, lie):
    bundle = carried(story)
    if bundle[key] == lie:
        return
    findings = evidence.check(bundle | {key: lie}, at=NOW)
    if all(finding.is_sound for finding in findings):
        assert not any(lie in finding.what for finding in findings if finding.mark == "ok")
        assert any(lie in finding.what for finding in findings if finding.mark == "note")


@pytest.mark.parametrize(
    ("key", "lie", "told"),
    [
        ("exported_at", "2026-11-26T15:59:59.999999Z", "and has to be no earlier than the last event, 2026-11-26T16:00:00.000000Z"),
        ("exported_at", "2026-11-27T16:05:00.000001Z", "and has to be no later than now, 2026-11-27T16:00:00.000000Z by this machine's clock"),
        ("exported_at", "2026-11-27T14:42:59.999999Z", "from exported_at, 2026-11-27T14:42:59.999999Z, follows 2026-11-27T14:43"),
        ("exported_at", "2026-11-27T15:00:00Z", "has to be written 2026-11-27T15:00:00.000000Z"),
        ("next_anchor_at", "2026-11-27T15:43:00.000001Z", "follows 2026-11-27T15:43:00.000000Z or 2026-11-28T00:43:00.000000Z"),
        ("next_anchor_at", "2026-11-29T00:43:00.000000Z", "follows 2026-11-27T15:43:00.000000Z or 2026-11-28T00:43:00.000000Z"),
        ("next_anchor_at", None, "next_anchor_at is null, and has to be told"),
    ],
)  # fmt: skip
def test_the_dates_of_a_bundle_are_held_against_each_other_and_the_clock(story, key, lie, told):
    bundle = carried(story) | {key: lie}
    assert any(told in finding.what for finding in evidence.check(bundle, at=NOW) if not finding.is_sound)


def test_a_bundle_all_of_whose_events_are_anchored_names_no_next_anchor(story):
    anchoring.anchor(at=FRIDAY + timedelta(days=7))
    bundle = carried(story, at=FRIDAY + timedelta(days=7, minutes=1))
    assert [one.what for one in evidence.check(bundle, at=NOW) if not one.is_sound] == []
    lied = bundle | {"next_anchor_at": "2026-11-28T00:43:00.000000Z"}
    assert any("has to be null: an anchor holds the last event" in what for what in wrong(lied))
    early = bundle | {"exported_at": "2026-11-26T23:59:59.999999Z"}
    assert any("no earlier than the anchor of 2026-11-27" in what for what in wrong(early))


def test_how_old_an_event_without_an_anchor_is_goes_by_the_clock_of_whoever_verifies(story):
    bundle = carried(story)
    assert not [one for one in evidence.check(bundle, at=NOW) if one.mark == "warning"]
    (told,) = [one.what for one in evidence.check(bundle, at=NOW + timedelta(days=2)) if one.mark == "warning"]
    assert told.startswith("no anchor holds events 8 to 8")


def test_what_is_twice_or_of_no_use_is_told(story):
    bundle = carried(story)
    twice = bundle | {"agreements": [*bundle["agreements"], bundle["agreements"][0]]}
    assert any("each has to be used, and to be there once" in what for what in wrong(twice))
    again = bundle | {"anchors": [*bundle["anchors"], bundle["anchors"][0]]}
    assert any("each has to hold later ones than the one before" in what for what in wrong(again))


def test_each_difference_says_where_it_is_what_is_there_and_what_should_be(story):
    bundle = carried(story)
    sound = bundle["promises"]["first_response"][0]["due_at"]
    bundle["promises"]["first_response"][0]["due_at"] = "2026-11-20T20:00:00.000000Z"
    (led,) = [one for one in wrong(bundle) if "due_at" in one]
    assert (
        led == f'promises.first_response[0].due_at is "2026-11-20T20:00:00.000000Z", and the events lead to "{sound}"'
    )
    bundle = carried(story)
    del bundle["promises"]["first_response"][0]["sum"][0]["seconds"]
    assert any(
        "promises.first_response[0].sum[0].seconds is not told, and the events lead to" in one for one in wrong(bundle)
    )
    bundle = carried(story)
    bundle["verdicts"]["first_response"] = "met"
    assert wrong(bundle) == ['verdicts.first_response is "met", and the events lead to "met_late"']
