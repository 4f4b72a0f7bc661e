"""Values as they stand in requests and answers: instants in UTC, numbers, keys of an agreement."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    field_validator,
)
from pydantic_core import PydanticCustomError

from puntuale.guarantee.reckoning import utc_text
from puntuale.tickets import texts

LARGEST = 10**18 - 1
"""The largest number a row can have."""
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _instant(written: object) -> datetime:
    """Return an instant in UTC. One without its zone, or that is none, is refused."""
    if isinstance(written, datetime):
        return written.astimezone(UTC)
    try:
        if isinstance(written, str) and _WRITTEN.fullmatch(written):
            return datetime.fromisoformat(written.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as problem:
        raise PydanticCustomError("instant", "no instant with its zone") from problem
    raise PydanticCustomError("instant", "no instant with its zone")


Instant = Annotated[
    datetime,
    BeforeValidator(_instant, json_schema_input_type=datetime),
    PlainSerializer(utc_text, return_type=str),
    Field(json_schema_extra={"type": "string", "format": "date-time", "examples": ["2026-11-20T15:00:00Z"]}),
]
"""An instant. Answers tell it in UTC with a Z; requests may give any offset, but must give one."""

Number = Annotated[int, Field(ge=1, le=LARGEST)]
"""The number of a row in an address."""
GivenNumber = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
"""The number of a row in a body: a number there, and nothing that looks like one."""
_TERM = r"^[a-z0-9][a-z0-9_-]{0,39}$"
PriorityKey = Annotated[str, Field(pattern=_TERM, examples=["2"])]
PlanKey = Annotated[str, Field(pattern=_TERM, examples=["professional"])]
EnvironmentKey = Annotated[str, Field(pattern=_TERM, examples=["production"])]
"""Keys of the agreement."""
Flag = StrictBool


def says(check: Callable[[str], str]) -> AfterValidator:
    """Return a rule for a text that the verb it is for would refuse: it is told with all else that is wrong."""

    def validate(written: str) -> str:
        try:
            check(written)
        except texts.TextRefused as problem:
            raise PydanticCustomError(problem.rule, "refused", {"refused": problem}) from problem
        return written

    return AfterValidator(validate)


Explanation = Annotated[str, Field(max_length=texts.LONGEST_EXPLANATION), says(texts.explanation)]
"""A short text that goes with a deed, and is needed."""
MaybeExplanation = Annotated[str, Field(max_length=texts.LONGEST_EXPLANATION)]
"""One that may be empty."""


class Asked(BaseModel):
    """The body of a request. What it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @field_validator("*", mode="before")
    @classmethod
    def _is_storable(cls, written: object) -> object:
        for one in written if isinstance(written, list) else [written]:
            if isinstance(one, str) and not texts.is_storable(one):
                raise PydanticCustomError("text.unstorable", "a character that cannot be stored")
        return written


class Told(BaseModel):
    """Something that is told in an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
