"""The checks of the torture notice what they are there for: each holds on a sound desk, and not once that is spoilt."""

import pytest

from puntuale.watch.models import Alarm
from tests.torture.checks import CHECKS
from tests.torture.sound import sound_desk
from tests.torture.spoiling import SPOILT, more, page_late, ring_late, send_again, send_from_two_hands


@pytest.fixture
def desk(company, tmp_path, settings):
    settings.FILES, settings.EMAIL_IS_SET = tmp_path / "files", True
    return sound_desk(company)


def test_all_checks_hold_on_a_sound_desk(desk):
    assert Alarm.objects.exists()
    assert desk.seen.letters
    assert {name: check(desk.seen) for name, check in CHECKS.items()} == {key: [] for key in CHECKS}


@pytest.mark.parametrize(("name", "spoil"), SPOILT, ids=lambda value: getattr(value, "__name__", ""))
def test_a_check_notices(desk, name, spoil):
    spoil(desk)
    assert CHECKS[f"check_{name}"](desk.seen) != []


def test_every_check_is_seen_to_notice_something():
    assert {f"check_{name}" for name, _ in SPOILT} == CHECKS.keys()


def test_a_letter_may_come_again_when_a_worker_was_killed(desk):
    send_again(desk)
    for fault, seconds, problems in (
        ("worker killed", -0.1, 1),
        ("worker killed", 2.0, 1),
        ("web process killed", 0.1, 1),
        ("worker killed", 0.1, 0),
    ):
        at = desk.letter["at"] + seconds if seconds > 0 else desk.letter["began"] + seconds
        more(desk, faults=[{"what": fault, "at": at, "since": at}])
        assert len(CHECKS["check_letters_come_again_only_for_a_reason"](desk.seen)) == problems


@pytest.mark.parametrize("way", ["drops after taking", "hangs after taking", "breaks off"])
def test_a_letter_may_come_again_when_its_connection_broke(desk, way):
    desk.letter["way"] = way
    send_again(desk)
    assert CHECKS["check_letters_come_again_only_for_a_reason"](desk.seen) == []


def test_a_letter_may_come_again_while_the_database_was_away(desk):
    send_again(desk)
    began = desk.letter["began"]
    more(desk, faults=[{"what": "database killed", "at": 0, "since": began - 3, "until": began - 1}])
    assert CHECKS["check_letters_come_again_only_for_a_reason"](desk.seen) != []
    more(desk, faults=[{"what": "database killed", "at": 0, "since": began - 3, "until": began + 0.1}])
    assert CHECKS["check_letters_come_again_only_for_a_reason"](desk.seen) == []


def test_what_a_stopped_worker_had_on_the_wire_may_come_beside_its_copy(desk):
    send_from_two_hands(desk)
    began = desk.letter["began"]
    stop = {"what": "worker stopped", "at": 0, "since": began - 15, "until": began + 0.1}
    more(desk, faults=[stop | {"until": began - 5}])
    assert CHECKS["check_i19_one_letter_is_in_one_hand"](desk.seen) != []
    more(desk, faults=[stop])
    assert CHECKS["check_i19_one_letter_is_in_one_hand"](desk.seen) == []


def test_time_without_a_database_is_no_lateness(desk):
    ring_late(desk)
    since = desk.alarm.ring_at.timestamp()
    more(desk, faults=[{"what": "database killed", "at": 0, "since": since, "until": since + 3}])
    assert CHECKS["check_i10_alarms_ring_in_time"](desk.seen) == []


def test_time_without_a_database_is_no_late_page(desk):
    page_late(desk)
    until = desk.paging.pages.last().at.timestamp()
    more(desk, faults=[{"what": "database killed", "at": 0, "since": until - 3, "until": until}])
    assert CHECKS["check_i10_chains_are_gone_through_in_time"](desk.seen) == []


def test_the_desk_has_everything_that_the_checks_look_at(desk):
    assert desk.paging.acknowledgements.get().lapsed_at is not None
    assert desk.paging.pages.filter(round=1, step=1).exists()
    assert desk.page_letter["channel"] == "webhook"
