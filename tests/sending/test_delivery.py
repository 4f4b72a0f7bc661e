"""Intents: written once, claimed by one, looked at again, sent, marked; and what happens when that goes wrong."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from puntuale.people.models import Role
from puntuale.people.roles import give_role, leave
from puntuale.sending import delivery, hands, intents, kinds, transports
from puntuale.sending.hands import LEASE, Hands
from puntuale.sending.kinds import Kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.sending.transports import NeverLeft, NotDelivered, Undeliverable

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


class Clock:
    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at


class Post:
    """A channel of tests: what it was given, and what it says."""

    def __init__(self):
        self.given, self.says, self.unwanted, self.writes = [], [], {}, None

    def send(self, address, letter, key):
        said = self.says.pop(0) if self.says else None
        if callable(said):
            said()
        elif said is not None:
            raise said
        self.given.append((address, letter.text, key))

    def write(self, found, at):
        if callable(self.writes):
            self.writes()
        elif self.writes:
            raise self.writes
        return Letter("subject", ",".join(str(one.about) for one in found))


@pytest.fixture
def post(monkeypatch, db):
    there = Post()
    monkeypatch.setattr(transports, "available", lambda: {"post": there.send})
    monkeypatch.setattr(delivery, "available", lambda: {"post": there.send})
    monkeypatch.setitem(
        kinds._KINDS,
        "news",
        Kind(
            "news",
            lambda found: {one.pk: there.unwanted[one.about] for one in found if one.about in there.unwanted},
            there.write,
        ),
    )
    return there


@pytest.fixture
def clock():
    return Clock()


def intent(about=1, address="ada", rank=0, at=AT, channel="post"):
    intents.intend(
        [Intent(kind="news", about=about, channel=channel, address=address, rank=rank, made_at=at, try_at=at)]
    )
    return Intent.objects.get(about=about, address=address, channel=channel)


def deliver(clock, **more):
    return delivery.deliver(clock, channel="post", hands=Hands(), **more)


def test_it_is_sent_once_and_marked(post, clock):
    one = intent()
    assert deliver(clock) == 1
    assert deliver(clock) == 0
    assert post.given == [("ada", "1", one.key)]
    one.refresh_from_db()
    assert (one.sent_at, one.try_at, one.leased_until, one.attempts) == (AT, None, None, 1)


def test_the_same_thing_to_the_same_address_is_meant_once(post):
    one, again = intent(), intent()
    assert one.key == again.key
    with pytest.raises(IntegrityError), transaction.atomic():
        Intent.objects.create(kind="news", about=1, channel="post", address="ada", rank=0, made_at=AT, try_at=AT)


def test_what_is_told_on_the_desk_needs_nobody_to_carry_it(post, clock):
    assert intent(channel="desk").sent_at == AT
    assert deliver(clock) == 0


def test_the_most_urgent_goes_first_then_the_oldest(post, clock):
    for about, rank, at in ((1, 2, AT - A_SECOND), (2, 0, AT), (3, 2, AT - 2 * A_SECOND)):
        intent(about, str(about), rank, at)
    deliver(clock)
    assert [text for _, text, _ in post.given] == ["2", "3", "1"]


def test_nothing_goes_out_before_its_time(post, clock):
    intent(at=AT + A_SECOND)
    assert deliver(clock) == 0


def test_what_failed_is_tried_again_with_the_same_key_ever_later(post, clock):
    one = intent()
    post.says = [NotDelivered("451 later"), NotDelivered("451 later")]
    deliver(clock)
    one.refresh_from_db()
    assert (one.try_at, one.problem, one.attempts) == (AT + timedelta(seconds=5), "451 later", 1)
    clock.at += timedelta(seconds=4)
    assert deliver(clock) == 0
    clock.at += timedelta(seconds=1)
    deliver(clock)
    clock.at += timedelta(seconds=15)
    deliver(clock)
    one.refresh_from_db()
    assert (one.sent_at, one.problem, one.attempts) == (clock.at, "", 3)
    assert [key for _, _, key in post.given] == [one.key]


def test_after_the_last_try_it_is_given_up_and_says_so(post, clock):
    one = intent()
    post.says = [NotDelivered("down")] * 20
    for _ in range(20):
        deliver(clock)
        clock.at += timedelta(days=1)
    one.refresh_from_db()
    assert one.given_up_at
    assert (one.attempts, one.problem) == (len(delivery.RETRIES) + 1, "down")


def test_what_cannot_be_delivered_at_all_is_given_up_at_once(post, clock):
    one = intent()
    post.says = [Undeliverable("550 no such user")]
    deliver(clock)
    one.refresh_from_db()
    assert (one.given_up_at, one.problem) == (AT, "550 no such user")


def test_a_transport_that_breaks_is_a_failure_like_any_other(post, clock):
    one = intent()
    post.says = [ZeroDivisionError("oops")]
    deliver(clock)
    one.refresh_from_db()
    assert (one.try_at is not None, one.problem) == (True, "the try failed (ZeroDivisionError)")


def test_what_is_no_longer_wanted_is_cancelled_instead(post, clock):
    one = intent()
    post.unwanted = {1: "answered"}
    deliver(clock)
    one.refresh_from_db()
    assert (one.cancelled_at, one.cancelled_because, post.given) == (AT, "answered", [])


def test_what_cannot_be_written_is_set_aside_and_stops_nothing(post, clock):
    one, other = intent(1, "ada"), intent(2, "grace")
    post.writes = ValueError("poison")
    delivery.hand_over(delivery.claim(channel="post", at=AT, at_most=1)[0], clock)
    post.writes = None
    deliver(clock)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.given_up_at, one.problem) == (AT, "not written: ValueError: poison")
    assert other.sent_at == AT


def test_a_kind_nobody_knows_is_set_aside(post, clock):
    Intent.objects.create(kind="unheard", about=1, channel="post", address="ada", rank=0, made_at=AT, try_at=AT)
    one = intent(2)
    deliver(clock)
    one.refresh_from_db()
    assert one.sent_at == AT
    assert Intent.objects.get(kind="unheard").given_up_at == AT


def test_what_one_has_in_hand_is_nobody_elses_until_the_lease_ends(post, clock):
    intent()
    assert len(delivery.claim(channel="post", at=AT, at_most=5)) == 1
    assert delivery.claim(channel="post", at=AT + LEASE - A_SECOND, at_most=5) == []
    assert len(delivery.claim(channel="post", at=AT + LEASE, at_most=5)) == 1


def test_a_worker_stopped_past_its_lease_neither_sends_nor_marks(post, clock):
    one = intent()
    (mine,) = delivery.claim(channel="post", at=AT, at_most=1)
    clock.at += LEASE
    (theirs,) = delivery.claim(channel="post", at=clock.at, at_most=1)
    delivery.hand_over(mine, clock)
    assert post.given == []
    delivery.hand_over(theirs, clock)
    one.refresh_from_db()
    assert (len(post.given), one.sent_at, one.fence) == (1, clock.at, 2)


def test_a_lease_that_would_end_on_the_wire_is_renewed_first(post, clock):
    one = intent()
    (mine,) = delivery.claim(channel="post", at=AT, at_most=1)
    clock.at += LEASE - A_SECOND

    def meanwhile():
        clock.at += 2 * A_SECOND
        assert deliver(clock) == 0

    post.says = [meanwhile]
    delivery.hand_over(mine, clock)
    one.refresh_from_db()
    assert (len(post.given), one.fence) == (1, 1)


def test_a_worker_that_stood_still_since_it_looked_looks_again(post, clock, monkeypatch):
    monkeypatch.setattr(delivery, "FRESH", 0.01)
    intent()

    def stand_still():
        post.writes = None
        time.sleep(0.02)
        clock.at += LEASE + A_SECOND
        deliver(clock)

    post.writes = stand_still
    deliver(clock)
    assert len(post.given) == 1
    assert Intent.objects.get().attempts == 1


def test_where_writing_is_slow_it_is_sent_all_the_same(post, clock, monkeypatch):
    monkeypatch.setattr(delivery, "FRESH", 0.0)
    intent()
    deliver(clock)
    assert len(post.given) == 1


def test_one_that_was_stopped_on_the_wire_may_not_mark_over_the_other(post, clock):
    one = intent()
    (mine,) = delivery.claim(channel="post", at=AT, at_most=1)

    def meanwhile():
        clock.at += LEASE
        (theirs,) = delivery.claim(channel="post", at=clock.at, at_most=1)
        delivery.hand_over(theirs, clock)
        clock.at += A_SECOND

    post.says = [meanwhile]
    delivery.hand_over(mine, clock)
    one.refresh_from_db()
    assert [key for _, _, key in post.given] == [one.key, one.key], "twice, and recognisable as one"
    assert one.sent_at == AT + LEASE


def test_a_lease_lasts_as_long_as_a_living_worker_holds_on(post, clock):
    intent()
    (mine,) = delivery.claim(channel="post", at=AT, at_most=1)
    hands = Hands()
    with hands.holding(mine.intents):
        assert hands.renew(AT + LEASE / 2) == 1
        assert delivery.claim(channel="post", at=AT + LEASE, at_most=1) == []
        (theirs,) = delivery.claim(channel="post", at=AT + LEASE * 2, at_most=1)
        assert hands.renew(AT + LEASE * 2) == 0, "what another took is not ours any more"
    assert theirs.intents[0].fence == 2
    assert hands.renew(AT) == 0


def test_cancelled_on_the_wire_it_is_still_told_that_it_was_sent(post, clock):
    one = intent()
    post.says = [lambda: intents.cancel("news", [1], because="answered", at=AT)]
    deliver(clock)
    one.refresh_from_db()
    assert (one.sent_at, one.cancelled_at) == (AT, None)


def test_a_storm_becomes_one_letter_that_keeps_its_key(post, clock):
    for about in range(60):
        intent(about)
    intent(100, "grace")
    post.says = [NotDelivered("busy")]
    assert deliver(clock) + deliver(clock) == 2
    assert [address for address, _, _ in post.given] == ["grace"]
    clock.at += timedelta(seconds=5)
    intent(101, at=clock.at)
    deliver(clock)
    deliver(clock)
    texts = {text for address, text, _ in post.given if address == "ada"}
    assert texts == {",".join(str(n) for n in range(60)), "101"}
    assert len(set(Intent.objects.filter(address="ada", about__lt=60).values_list("digest", flat=True))) == 1
    digest = Intent.objects.get(about=0).digest
    assert digest in {key for _, _, key in post.given}


def test_what_may_have_arrived_alone_joins_no_storm(post, clock):
    one, other = intent(1000), intent(1001)
    # The worker dies on the wire with the one, and is told that the other did not arrive.
    delivery.claim(channel="post", at=AT, at_most=1)
    post.says = [NeverLeft("busy")]
    deliver(clock)
    for about in range(60):
        intent(about)
    clock.at += LEASE
    while deliver(clock):
        pass
    given = {key: text for _, text, key in post.given}
    one.refresh_from_db()
    other.refresh_from_db()
    assert (given[one.key], one.digest) == ("1000", None), "under the key that it may have arrived with"
    assert "1001" in given[other.digest].split(",")
    assert len(given) == 2


def test_what_may_have_arrived_although_the_wire_broke_joins_no_storm(post, clock):
    one = intent(1000)
    post.says = [NotDelivered("the server took it and hung up before it said so")]
    deliver(clock)
    for about in range(60):
        intent(about)
    clock.at += LEASE
    while deliver(clock):
        pass
    assert [text for _, text, key in post.given if key == one.key] == ["1000"]
    assert sum("1000" in text.split(",") for _, text, _ in post.given) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_again", [False, True])
def test_a_storm_is_in_one_hand_though_two_reach_for_it(post, clock, is_again):
    for about in range(60):
        intent(about)
    if is_again:
        delivery.claim(channel="post", at=AT, at_most=10)
        clock.at += LEASE
    others = []

    def other():
        others.extend(delivery.claim(channel="post", at=clock.at, at_most=10))
        connection.close()

    gather = delivery._parcel

    with pytest.MonkeyPatch.context() as patch:
        # Between its first rows and the rest of the storm, the other reaches for that rest.
        def slowly(*what):
            patch.undo()
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
            return gather(*what)

        patch.setattr(delivery, "_parcel", slowly)
        (parcel,) = delivery.claim(channel="post", at=clock.at, at_most=10)
    assert (len(parcel.intents), others) == (60, [])


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_stands_still_while_taking_something_loses_it(post, monkeypatch):
    monkeypatch.setattr(hands, "LEASE", A_SECOND)
    intent()
    took, told = threading.Event(), []

    def stand_still():
        try:
            with hands.taking():
                list(Intent.objects.select_for_update())
                took.set()
                time.sleep(2)
                Intent.objects.update(rank=9)
        except DatabaseError as problem:
            told.append(problem)
        finally:
            connection.close()

    sleeper = threading.Thread(target=stand_still)
    sleeper.start()
    took.wait(10)
    assert delivery.claim(channel="post", at=AT, at_most=1) == []
    time.sleep(1.3)
    assert len(delivery.claim(channel="post", at=AT, at_most=1)) == 1
    sleeper.join()
    assert len(told) == 1
    assert Intent.objects.get().rank == 0


def test_below_a_storm_each_goes_out_alone(post, clock):
    for about in range(delivery.DIGEST_ABOVE):
        intent(about)
    deliver(clock, at_most=100)
    assert len(post.given) == delivery.DIGEST_ABOVE


def to_somebody(person):
    told = {"kind": "news", "about": 1, "channel": "post", "address": person.email, "rank": 0, "made_at": AT}
    intents.intend([Intent(person=person, try_at=AT, **told)])
    return Intent.objects.get(about=1)


@pytest.fixture
def for_managers(monkeypatch, post):
    monkeypatch.setitem(kinds._KINDS, "news", replace(kinds._KINDS["news"], for_managers=True))


def test_sec_s34_what_is_on_its_way_reaches_nobody_who_has_left(company, post, clock):
    one = to_somebody(company.ada)
    leave(company.ada, by=company.mara, at=AT)
    deliver(clock)
    one.refresh_from_db()
    assert post.given == []
    assert (one.sent_at, one.cancelled_at, one.cancelled_because) == (None, AT, "person_left")


def test_sec_s34_what_is_for_managers_reaches_nobody_who_manages_no_more(company, post, clock, for_managers):
    one = to_somebody(company.mara)
    administrator = give_role(company.grace, Role.ADMINISTRATOR, by=company.mara, at=AT)
    give_role(company.mara, Role.AGENT, by=administrator, at=AT)
    deliver(clock)
    one.refresh_from_db()
    assert post.given == [] and one.cancelled_because == "no_manager"


def test_everybody_else_is_told(company, post, clock, for_managers):
    to_somebody(company.mara)
    deliver(clock)
    assert [address for address, _, _ in post.given] == [company.mara.email]


def test_sec_s34_what_managers_alone_are_told_is_marked_so():
    assert all(kinds.kind_of(name).for_managers for name in ("paged_in_vain", "gap", "contract_ends"))
