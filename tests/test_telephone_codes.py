"""What README and the pages for people at telephones say of codes and keys is what the engine does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from calls.lifecycle import SeatState
from engine import in_call_codes, star_codes
from engine.desk_texts import TEXTS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATORS = (ROOT / "docs/operators.md").read_text(encoding="utf-8")
SUPERVISORS = (ROOT / "docs/supervisors.md").read_text(encoding="utf-8")

EAR = {f"*2{digit}" for digit in star_codes.MODES}
KEYS = {in_call_codes._HOLD, *in_call_codes._SIMPLE, *in_call_codes._WITH_NUMBER}


def codes(text: str, digits: int) -> set[str]:
    """The codes of so many digits in a text."""
    return set(re.findall(rf"`(\*\d{{{digits}}})`", text))


def test_every_code_is_told() -> None:
    assert codes(README, 2) == star_codes._CODES.keys()
    assert codes(OPERATORS, 2) | codes(SUPERVISORS, 2) == star_codes._CODES.keys()
    assert codes(SUPERVISORS, 2) == EAR


def test_every_key_is_told() -> None:
    assert codes(README, 1) == codes(OPERATORS, 1) == KEYS
    assert codes(SUPERVISORS, 1) == {f"*{digit}" for digit in star_codes.MODES}


def test_breaks_have_their_numbers() -> None:
    for number, reason in enumerate(star_codes.BREAKS, 1):
        assert f"{number} {reason}" in OPERATORS


def test_what_the_voice_says() -> None:
    said = re.findall(r"[ぁ-ん一-龥ァ-ヶー、]+。", OPERATORS)
    assert len(said) > 5
    assert set(said) <= set(TEXTS.values())


def test_every_state_is_told() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)`", OPERATORS, re.MULTILINE)) == {str(one) for one in SeatState}
