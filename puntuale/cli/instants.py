"""Instants as people type them."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime

import click


class InstantRefused(ValueError):
    """A text that names no instant, with the reason in words."""


def parse(text: str) -> datetime:
    """Return the aware datetime of an ISO 8601 instant such as `2026-12-24T15:30:00+01:00`. Raises InstantRefused."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InstantRefused(f'"{text}" is no instant; write 2026-12-24T15:30:00+01:00 [date.invalid]') from problem
    if at.tzinfo is None:
        raise InstantRefused(f'"{text}" has no zone; add Z or an offset such as +01:00 [date.zone_required]')
    if at.year in {MINYEAR, MAXYEAR}:
        try:
            at.astimezone(UTC)
        except OverflowError as problem:
            raise InstantRefused(
                f'"{text}" lies outside the years {MINYEAR} to {MAXYEAR} [date.out_of_range]'
            ) from problem
    return at


class InstantType(click.ParamType[datetime]):
    """An option whose value is an instant with a zone."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the datetime; complain as usage when it is none."""
        if isinstance(value, datetime):
            return value
        try:
            return parse(str(value))
        except InstantRefused as problem:
            self.fail(str(problem), param, ctx)
