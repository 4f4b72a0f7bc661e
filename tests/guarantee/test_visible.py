"""What of a text can be seen: decided by the properties of characters, whichever they are."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntuale.guarantee.visible import is_visible, one_line, says_something

UNSEEN = {
    "nothing": "",
    "spaces": " \t\u00a0\u2003\u3000\u1680",
    "lines": "\n\r\u2028\u2029\x85",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "word joiner and invisible operators": "\u2060\u2061\u2062\u2063\u2064",
    "bidi controls": "\u202a\u202e\u2066\u2069\u200e\u200f\u061c",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "combining marks alone": "\u0301\u20dd\u0903",
    "variation selectors": "\ufe0f\ufe00\U000e0100\u180b",
    "tags": "\U000e0001\U000e0061\U000e007f",
    "hangul fillers": "\u115f\u1160\u3164\uffa0",
    "braille blank": "\u2800",
    "khmer inherent vowels": "\u17b4\u17b5",
    "mongolian vowel separator": "\u180e",
    "musical beams and the null notehead": "\U0001d173\U0001d17a\U0001d159",
    "shorthand controls": "\U0001bca0",
    "interlinear annotation": "\ufff9\ufffb",
    "controls": "\x00\x07\x1b\x7f\x9f",
    "half a pair": "\ud800",
    "private use": "\ue000\U000f0000",
    "no character at all": "\uffff\U0001fffe\u0378",
    "what stands for nothing": "\ufffc\ufffd",
}
SEEN = {
    "a letter": "a",
    "another script": "見",
    "arabic": "ع",
    "digit": "٣",
    "emoji": "👍",
    "new emoji": "\U0001fae8",
    "a question": "؟",
}
SEPARATING = {"dots": "...", "rule": "---", "drawn rule": "════", "ascii art": "<>|=~^`+", "quotes": "“»'"}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_nobody_can_see_is_empty(text):
    assert not is_visible(text) and not says_something(text)
    assert one_line(text) == ""


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN.keys())
def test_one_letter_digit_or_symbol_among_it_is_enough(text):
    hidden = "".join(UNSEEN.values())
    assert is_visible(hidden + text) and says_something(hidden + text)


@pytest.mark.parametrize("text", SEPARATING.values(), ids=SEPARATING.keys())
def test_what_only_separates_is_seen_and_says_nothing(text):
    assert is_visible(text) and not says_something(text)


@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"])))
def test_no_text_of_controls_marks_and_spaces_is_seen(text):
    assert not is_visible(text)


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1), st.text())
def test_letters_and_digits_are_seen_beside_anything(text, other):
    assert says_something(other + text) and is_visible(text + other)


def test_everything_that_has_a_name_as_a_filler_or_a_blank_letter_is_unseen():
    letters = (chr(number) for number in range(sys.maxunicode + 1))
    fillers = [one for one in letters if unicodedata.name(one, "").endswith("FILLER")]
    assert {one for one in fillers if unicodedata.category(one) == "Lo"} == set("\u115f\u1160\u3164\uffa0")
    assert not any(is_visible(one) for one in fillers if unicodedata.category(one) == "Lo")


def test_a_name_comes_on_one_line():
    assert one_line(" Ada\n\0 Byron\u2028") == "Ada Byron"
