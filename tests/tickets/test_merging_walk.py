"""Merging is no way out (rule 12): a random walk over what can be done to four tickets, beside a plain model of it.

In the model every ticket has its own promise, by its own terms, and an answer to whatever it went into is its answer.
It shares nothing with the engine but rule 9 by hand, and knows no debts, no courses and no events.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.agreements.publication import publish
from puntuale.guarantee.facts import Phase
from puntuale.reports.attainment import Reading, attainment
from puntuale.reports.counting import Asked, Outcome
from puntuale.tickets import classification, conversation, merging, resolution, waiting
from puntuale.tickets.models import Grounds, Lowering, Ticket
from puntuale.tickets.renewal import ask, renew
from tests.guarantee.story_oracle import RuleNine
from tests.tickets.deeds import FRIDAY, all_is_consistent, fresh, standing
from tests.tickets.test_renewal import version
from tests.tickets.test_replay import REFUSALS

START = FRIDAY.astimezone(UTC)
TARGETS = {1: 60, 2: 180, 3: 480}
"""Minutes, day and night. Each version takes a quarter away."""


class RoundTheClock:
    """A desk that never closes."""

    def due(self, start, seconds, waiting=()):
        assert not waiting
        return start + timedelta(seconds=seconds)


def minutes(priority, number):
    return int(TARGETS[priority] * (3 / 4) ** (number - 2))


class Modelled:
    """A ticket in the model: its own promise, where it went, when it was first answered, and whether it is called off."""

    def __init__(self, priority, at):
        self.version, self.into, self.answered, self.cancelled, self.gone_at = 2, None, None, False, None
        self.own = RuleNine(RoundTheClock(), self.targets, at, priority)
        self.missed = None

    @property
    def targets(self):
        return {priority: minutes(priority, self.version) * 60 for priority in TARGETS}

    @property
    def owed_by(self):
        return self.missed or self.own.due

    @property
    def is_late(self):
        return self.missed is not None or (self.answered is not None and self.answered > self.own.due)

    def look(self, at):
        if self.answered is None and self.missed is None and self.own.due < at:
            self.missed = self.own.due

    def reclassify(self, at, priority):
        self.look(at)
        if self.answered is None:
            self.own.reclassify(at, priority)
        else:
            self.own.promises.append((priority, *self.own.promises[-1][1:]))

    def renew(self, at, number):
        self.look(at)
        if self.answered is not None:
            return
        was, (priority, start, _) = self.version, self.own.promises[-1]
        self.version = number
        target = self.targets[priority]
        began = start if self.own.desk.due(start, target) > at else at
        if self.own.desk.due(began, target) < self.own.due:
            self.own.promises.append((priority, began, target))
            self.own.targets = self.targets
        else:
            self.version = was


class Walk:
    """The product and the model, side by side."""

    def __init__(self, company, seed):
        self.company, self.pick, self.at = company, random.Random(seed), START
        self.number, self.asked, self.deeds = 2, [], []
        self.publish(START - timedelta(days=3))
        self.tickets, self.models, self.mixed = [], {}, set()
        for _ in range(3):
            self.submit()

    def publish(self, at):
        cells = {f"advanced_{priority}": f"{minutes(priority, self.number)}m always" for priority in TARGETS}
        return publish(version(self.number, **cells), effective_from=at, at=at, allowing_warnings=True)

    def submit(self):
        priority = self.pick.choice([1, 2, 3])
        ticket = self.company.ticket(self.company.anna, str(priority), at=self.at)
        self.tickets.append(ticket)
        self.models[ticket.pk] = Modelled(priority, self.at)
        if self.number > 2:
            self.models[ticket.pk].version = self.number
            self.models[ticket.pk].own = RuleNine(RoundTheClock(), self.models[ticket.pk].targets, self.at, priority)

    # --- what can be done

    def step(self):
        self.at += timedelta(minutes=self.pick.choice([0, 1, 5, 20, 45, 90]))
        kinds = ["answer", "ask", "done", "classify", "merge", "merge", "merge", "unmerge", "unmerge"]
        kinds += ["wait", "go_on", "resolve", "reopen", "cancel", "restore", "write", "forward"]
        kind, ticket = self.pick.choice(kinds), self.pick.choice(self.tickets)
        if len(self.tickets) < 4 and self.pick.random() < 0.1:
            self.submit()
        other = self.pick.choice([one for one in self.tickets if one != ticket])
        self.deeds.append((kind, ticket.pk, other.pk, str(self.at - START)))
        with suppress(*REFUSALS):
            getattr(self, kind)(fresh(ticket), fresh(other))

    def answer(self, ticket, _, then=None):
        conversation.answer(ticket, body="a", by=self.company.ada, at=self.at, then=then)
        for number in self.within(ticket.pk):
            model = self.models[number]
            model.look(self.at)
            if model.answered is None:
                model.answered = self.at

    def ask(self, ticket, other):
        self.answer(ticket, other, Phase.WAITING)

    def done(self, ticket, other):
        self.answer(ticket, other, Phase.RESOLVED)

    def classify(self, ticket, _):
        to = self.pick.choice([1, 2, 3])
        change = classification.reclassify(
            ticket, to=str(to), because=Grounds.OTHER, telling="t", by=self.company.ada, at=self.at
        )
        if isinstance(change, Lowering):
            classification.confirm(change, by=self.company.mara, at=self.at)
        self.models[ticket.pk].reclassify(self.at, to)
        if len(self.within(ticket.pk)) > 1:
            self.mixed.add(ticket.pk)

    def merge(self, ticket, other):
        merging.merge(ticket, into=other, by=self.company.ada, at=self.at)
        model = self.models[ticket.pk]
        model.into, model.gone_at = other.pk, self.at
        self.mixed |= {other.pk} if ticket.pk in self.mixed else set()

    def unmerge(self, ticket, _):
        merging.unmerge(ticket, by=self.company.ada, at=self.at)
        self.models[ticket.pk].into = None
        self.back(ticket)

    def back(self, ticket):
        for at, number in self.asked:
            if at >= self.models[ticket.pk].gone_at:
                self.models[ticket.pk].renew(self.at, number)

    def wait(self, ticket, _):
        waiting.wait(ticket, by=self.company.ada, at=self.at)

    def go_on(self, ticket, _):
        waiting.go_on(ticket, by=self.company.ada, at=self.at)

    def resolve(self, ticket, _):
        resolution.resolve(ticket, by=self.company.ada, at=self.at)

    def reopen(self, ticket, _):
        resolution.reopen(ticket, by=self.company.ada, at=self.at)

    def write(self, ticket, _):
        if not self.models[self.root(ticket.pk)].cancelled:
            conversation.follow_up(ticket, body="f", by=self.company.anna, at=self.at)

    def cancel(self, ticket, _):
        because = resolution.Because.SPAM
        resolution.cancel(ticket, because=because, telling="", by=self.company.ada, at=self.at)
        self.models[ticket.pk].cancelled, self.models[ticket.pk].gone_at = True, self.at

    def restore(self, ticket, _):
        if self.models[ticket.pk].cancelled:
            resolution.restore(ticket, by=self.company.ada, at=self.at)
            self.models[ticket.pk].cancelled = False
            self.back(ticket)

    def forward(self, _ticket, _other):
        if self.number > 5:
            return
        self.number += 1
        found = self.publish(self.at)
        ask(found, by=self.company.mara, at=self.at)
        renew(found, by=self.company.mara, at=self.at)
        self.asked.append((self.at, self.number))
        for number, model in self.models.items():
            if not self.models[self.root(number)].cancelled:
                model.renew(self.at, self.number)
            # A more urgent ticket brings what was merged into it forward by its own terms too.
            self.mixed |= {self.root(number)} if model.into is not None else set()

    # --- what must hold

    def root(self, number):
        while self.models[number].into is not None:
            number = self.models[number].into
        return number

    def within(self, number):
        found = [number]
        for one, model in self.models.items():
            if model.into == number:
                found += self.within(one)
        return found

    def check(self):
        for ticket in self.tickets:
            self.look(ticket.pk)
        assert all_is_consistent(), self.deeds
        sent = Asked(
            since=START - timedelta(days=1), until=self.at + timedelta(days=1), at=self.at, zone=ZoneInfo("UTC")
        )
        counted = attainment(sent).total[Reading.FINAL].counts
        assert counted == Counter(self.outcome(number) for number in self.models), self.deeds

    def outcome(self, number):
        """Each is reported once, by its own promise and the first answer it got, here or there."""
        model, root = self.models[number], self.models[self.root(number)]
        if model.answered is None:
            model.look(root.gone_at if root.cancelled else self.at)
        if model.answered is not None:
            return Outcome.LATE if model.is_late else Outcome.KEPT
        if model.missed is not None:
            return Outcome.MISSED
        return Outcome.CANCELLED if root.cancelled else Outcome.RUNNING

    def look(self, number):
        row, model = Ticket.objects.get(pk=number), self.models[number]
        if model.into is not None or model.cancelled:
            assert row.phase == ("merged" if model.into is not None else "cancelled"), self.deeds
            return
        owed = [one for one in self.within(number) if self.models[one].answered is None]
        if not owed:
            assert row.answered_at == model.answered, (number, self.deeds)
            late = [self.models[one].is_late for one in self.within(number)]
            # While a merge stands, what was merged and late is told there too.
            expected = {"met_late" if model.is_late else "met"} | (
                {"met_late"} if any(late) or number in self.mixed else set()
            )
            assert standing(row, self.at).state.value in expected, (number, self.deeds)
            return
        assert (row.answered_at, row.phase) == (None, "open"), (number, self.deeds)
        for one in owed:
            self.models[one].look(self.at)
        first = min(self.models[one].owed_by for one in owed)
        assert row.due_at <= first or row.due_at < self.at, (number, row.due_at, first, self.deeds)
        if number not in self.mixed and first >= self.at:
            assert row.due_at == first, (number, row.due_at, first, self.deeds)
        if owed == [number]:
            assert row.due_at == model.owed_by, (number, row.due_at, model.owed_by, self.deeds)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_merged_and_taken_apart_each_promise_is_owed_and_ends_by_its_own_terms(company, seed):
    walk = Walk(company, seed)
    for _ in range(40):
        walk.step()
        walk.check()
