"""The form of a chain: steps as people fill them in, read into a drawing, and what is wrong in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.models import Chain
from puntuale.tickets.keys import is_key

MINUTE = 60
MOST_STEPS = 10
LONGEST = 200

PROBLEMS = {
    "chain.steps": _("A chain has one step at least, and ten at most."),
    "chain.last_resort": _("The last step needs somebody by name: the last resort."),
    "chain.rounds": _("It is gone through once at least, and ten times at most."),
    "chain.answer_within": _("An acknowledgement holds for a minute at least, and a day at most."),
    "chain.plans_taken": _("Another chain is for these plans. Only one can be for all the others."),
    "chain.name_taken": _("There is a chain of that name."),
    "step.nobody": _("A step needs a rota or a person."),
    "step.wait": _("A step waits one minute at least, and a day at most."),
    "step.stranger": _("Somebody in it does not work here any more."),
    "text.empty": _("It needs a name."),
    "text.too_long": _("The name is too long."),
    "text.unstorable": _("The name contains a character that can't be saved. Remove it."),
}


@dataclass(slots=True)
class StepFields:
    """What stands in the fields of one step, as texts."""

    wait: str = "5"
    targets: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def drawn(self) -> DrawnStep:
        """Return the step that was filled in."""
        return DrawnStep(_number(self.wait) * MINUTE, _keys(self.targets, "rota-"), _keys(self.targets, "person-"))


@dataclass(slots=True)
class ChainFields:
    """What stands in the form of a chain."""

    name: str = ""
    plans: list[str] = field(default_factory=list)
    rounds: str = "3"
    answer_within: str = "15"
    steps: list[StepFields] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.problems) or any(step.problem for step in self.steps)

    @property
    def rounds_drawn(self) -> int:
        """Return how often it is gone through; 0 for what is no number."""
        return _number(self.rounds)

    @property
    def seconds_held(self) -> int:
        """Return how long an acknowledgement holds; 0 for what is no number."""
        return _number(self.answer_within) * MINUTE

    def put(self, part: str, rule: str) -> None:
        """Put what is wrong where it is wrong."""
        said = str(PROBLEMS[rule])
        if part.isdecimal():
            self.steps[int(part)].problem = said
        else:
            self.problems.append(said)


def of(chain: Chain) -> ChainFields:
    """Return the fields of a chain that there is."""
    steps = [
        StepFields(
            str(step.wait // MINUTE),
            [f"rota-{one.rota_id}" if one.rota_id else f"person-{one.person_id}" for one in step.targets.all()],
        )
        for step in chain.steps.prefetch_related("targets")
    ]
    held = str(chain.answer_within // MINUTE)
    return ChainFields(chain.name, list(chain.plans), str(chain.rounds), held, steps)


def read(said: QueryDict) -> ChainFields:
    """Return the fields that were sent. A step without anybody is none."""
    count = min(len([key for key in said if key.startswith("wait-")]), MOST_STEPS + 1)
    steps = [StepFields(said.get(f"wait-{n}", "")[:LONGEST], said.getlist(f"targets-{n}")) for n in range(count)]
    return ChainFields(
        said.get("name", "")[:LONGEST],
        said.getlist("plans"),
        said.get("rounds", "")[:LONGEST],
        said.get("answer_within", "")[:LONGEST],
        [step for step in steps if step.targets],
    )


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 6 else 0


def _keys(targets: Sequence[str], kind: str) -> tuple[int, ...]:
    keys = (target.removeprefix(kind) for target in targets if target.startswith(kind))
    return tuple(int(key) for key in keys if is_key(key))
