"""No number of anybody gets into the log, however it is written; what helps to find a fault stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.masking import MASK, PERSONAL, masked, masked_fields

pytestmark = pytest.mark.unit

FULL_WIDTH = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")
DIGITS = "0123456789"
SEPARATORS = ["", "", "", "-", " ", "(", ")", ") ", " (", "\u2010", "\u2212", "－", "\t"]
KEPT = [
    "c1779123456xab12-17",
    "c1779123456-3.s1",
    "1779123456.1042",
    "20261120T174000Z-a1b2c3",
    "2026-11-20",
    "2026-11-20T17:40:09.123456",
    "entry 4081234",
    "pid 31337",
    "seat01",
    "0.25 s, 12.5 %, 192.0.2.10:5060",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A telephone number as people and carriers write it, with whatever between its digits."""
    begin = draw(st.sampled_from(["0", "+81", "+1", "(0", "+(81", "＋81"]))
    rest = draw(st.lists(st.sampled_from(DIGITS), min_size=8, max_size=12))
    text = begin + "".join(draw(st.sampled_from(SEPARATORS)) + digit for digit in rest)
    return text.translate(FULL_WIDTH) if draw(st.booleans()) else text


runs = st.builds(
    lambda begin, rest: begin + rest,
    st.sampled_from(["81", "0", "90", "1", "00"]),
    st.text(DIGITS, min_size=6, max_size=16),
)
around = st.one_of(
    st.sampled_from([" ", ": ", "'", '"', "<sip:", "tel:", "=", "(", "[", ", ", "/", "seat", "entry", "at "]),
    st.text().filter(lambda text: not any(character.isdigit() for character in text)),
)


@given(around, st.one_of(numbers(), runs), around)
def test_no_digit_of_a_number_is_left(before: str, number: str, after: str) -> None:
    assert not any(character.isdigit() for character in masked(before + number + after))


@given(st.sampled_from(KEPT), st.one_of(numbers(), runs), st.sampled_from(KEPT))
def test_beside_an_id_or_a_date_neither(before: str, number: str, after: str) -> None:
    told = masked(f"{before}: {number}; {after}")
    for kept in (before, after):
        assert kept in told
        told = told.replace(kept, "", 1)
    assert not any(character.isdigit() for character in told)


@pytest.mark.parametrize("text", KEPT)
def test_what_stays(text: str) -> None:
    assert masked(text) == text
    assert masked(f"the call {text} is over") == f"the call {text} is over"


@pytest.mark.parametrize(
    "text",
    [
        "0480-00-7000", "048-000-7000", "(048)000-7000", "03 1234 5678", "090.1234.5678", "+81 48 000 7000",
        "81-48-000-7000", "010-1-202-555-0143", "0120123456", "1234567", "０４８０００７０００",
    ],
)  # fmt: skip
def test_ways_to_write_a_number(text: str) -> None:
    assert masked(f"from {text} to us") == f"from {MASK} to us"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DigitPressed(leg='a', digit='5')", f"DigitPressed(leg='a', digit={MASK})"),
        ('{"caller": "05", "seat": "s1"}', f'{{"caller": {MASK}, "seat": "s1"}}'),
        ("keys=1234, seat=s1", f"keys={MASK}, seat=s1"),
        ("Caller: 110", f"Caller: {MASK}"),
    ],
)
def test_personal_fields_in_a_text(text: str, told: str) -> None:
    assert masked(text) == told


@given(st.sampled_from(sorted(PERSONAL)), st.one_of(st.text(min_size=1), st.integers(), st.lists(st.text())))
def test_a_personal_field_is_gone_whatever_it_is(name: str, value: object) -> None:
    assert masked_fields({name: value, name.upper(): value}) == {name: MASK, name.upper(): MASK}


def test_other_fields_keep_their_figures_and_lose_numbers_in_texts() -> None:
    given_ = {"bytes": 12345678, "s": 0.123456789, "ok": True, "none": None, "caller": ""}
    assert masked_fields(given_) == given_
    deep = {"why": {"legs": ["0480007000"], "by": ("x", 5)}, "error": ValueError("0480007000")}
    assert masked_fields(deep) == {"why": {"legs": [MASK], "by": ["x", 5]}, "error": MASK}
