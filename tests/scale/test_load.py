"""The load of `./run bench scale`: what it sends, how it counts, and that a small one loses and doubles nothing."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.scaling import costs, driving, tiers
from benchmarks.scaling.arrivals import KINDS, Arrival, rate, schedule
from benchmarks.scaling.asking import Answer
from benchmarks.scaling.cast import Actor, Cast
from benchmarks.scaling.driving import Load
from benchmarks.scaling.telling import percentile, slope, table

ROOT = Path(__file__).parents[2]


def ran(coroutine):
    """What a coroutine comes to, in a thread of its own: browsers of other tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


def test_a_schedule_is_drawn_beforehand_and_has_as_many_as_it_should():
    drawn = schedule(agents=20, customers=200, seconds=600)
    assert drawn == schedule(agents=20, customers=200, seconds=600)
    assert [one.due for one in drawn] == sorted(one.due for one in drawn)
    assert len(drawn) == pytest.approx(rate(agents=20, customers=200) * 600, rel=0.05)
    assert {one.kind.name for one in drawn} == set(driving.DEEDS) == {kind.name for kind in KINDS}


def test_a_latency_counts_from_when_the_request_was_due(monkeypatch):
    """The server answers one at a time and takes 50 ms; they are due every 10 ms. So the last waits for all the others."""
    gate = asyncio.Lock()

    async def slow(load, actor, port):
        async with gate:
            await asyncio.sleep(0.05)
        return Answer(200, {}, b"")

    kind = KINDS[0]
    monkeypatch.setitem(driving.DEEDS, kind.name, slow)
    load = Load(Cast([Actor("")], [Actor("")]), [1])
    ran(load.run([Arrival(number * 0.01, kind, 0) for number in range(20)]))
    waited = sorted(one.seconds for one in load.taken)
    assert len(waited) == 20
    assert waited[-1] >= 20 * 0.05 - 19 * 0.01 - 0.01, "asked one after the other it would have been 50 ms"


def test_whoever_gets_no_answer_is_counted_among_the_failures(monkeypatch):
    async def gone(load, actor, port):
        raise ConnectionRefusedError

    monkeypatch.setitem(driving.DEEDS, KINDS[0].name, gone)
    load = Load(Cast([Actor("")], [Actor("")]), [1])
    ran(load.run([Arrival(0, KINDS[0], 0)]))
    assert [one.status for one in load.taken] == [0]
    assert [line.split()[-1] for line in table(load.taken)][-1] == "1"


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.9, 9), (0.95, 10), (0.99, 10), (0.1, 1)])
def test_percentiles_are_values_that_were_measured(share, value):
    assert percentile([10, 1, 9, 2, 8, 3, 7, 4, 6, 5], share) == value


def test_the_slope_of_memory():
    assert slope([(0, 100), (1, 102), (2, 104)]) == pytest.approx(2)
    assert slope([(0, 100), (1, 100), (2, 100)]) == 0


class TestTiers:
    def test_two_stations_one_behind_the_other(self):
        drawn = [(0.0, 2.0, 1.0), (0.0, 2.0, 1.0), (1.0, 2.0, 1.0)]
        assert tiers.answered(drawn, 1, 1) == [3.0, 5.0, 6.0]
        assert tiers.answered(drawn, 3, 3) == [3.0, 3.0, 3.0]

    def test_more_tickets_take_no_fewer_servers(self):
        found = [tiers.tier(tickets, costs.read()) for tickets in (1_000, 10_000, 100_000)]
        assert [one.web for one in found] == sorted(one.web for one in found)
        assert found[-1].web > found[0].web
        assert all(one.p95 <= tiers.WITHIN for one in found)

    def test_the_table_of_the_documentation_is_that_of_the_model(self):
        told = (ROOT / "docs" / "scaling.md").read_text()
        assert all(line in told for line in tiers.lines(costs.read()))


@pytest.mark.xdist_group("serving")
def test_two_groups_and_two_workers_lose_and_double_nothing():
    asked = ["--tickets", "400", "--minutes", "0.15", "--agents", "30", "--customers", "300", "--only", "load"]
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", *asked],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith(("PUNTUALE_", "DJANGO_"))},
        check=False,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert "lost, doubled or inconsistent: 0" in run.stdout
    assert "2 web groups of 1 and 2 workers" in run.stdout
