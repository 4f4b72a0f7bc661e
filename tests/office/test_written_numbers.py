"""Numbers with a point or a comma, and those that two readers would read as two numbers."""

import pytest

from puntuale.office.written_numbers import Ambiguous, Unreadable, number


@pytest.mark.parametrize(
    ("written", "found"),
    [("99", 99), (" 1,5 ", 1.5), ("1.25", 1.25), ("99.9950", 99.995), ("0,125", 0.125), ("1000", 1_000), ("1000,125", 1_000.125)],
)  # fmt: skip
def test_a_point_and_a_comma_are_the_same(written, found):
    assert number(written) == found


@pytest.mark.parametrize(
    "written", ["", "nan", "inf", "-1", "1e3", "1_000", "1.000,5", "1,000.5", "15m", "\u0663", "1,"]
)
def test_what_is_no_number_is_refused(written):
    with pytest.raises(Unreadable):
        number(written)


@pytest.mark.parametrize(
    ("written", "whole", "part"),
    [("1,000", "1000", "1,0000"), ("1.000", "1000", "1.0000"), ("99.995", "99995", "99.9950")],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both(written, whole, part):
    with pytest.raises(Ambiguous) as refused:
        number(written)
    assert (refused.value.whole, refused.value.part) == (whole, part)
    assert number(whole) != number(part)
