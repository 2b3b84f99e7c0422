"""How a telephone number is brought to the one form that flows and reports see: national, from 0."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NumberRule:
    """One line of the dialplan: numbers that match `pattern` become `prefix` + what follows `skip` digits."""

    pattern: str
    prefix: str
    skip: int
    why: str


def number_rules(country_code: str) -> tuple[NumberRule, ...]:
    """The rules, in the order of Asterisk's own precedence (the more special pattern wins)."""
    length = len(country_code)
    return (
        NumberRule(
            f"_+{country_code}0X.", "", length + 1, "international with the trunk 0 left in: as if without"
        ),
        NumberRule(f"_+{country_code}Z.", "0", length + 1, "international: +81 48 ... is 0 48 ..."),
        # At least nine digits after the code: shorter numbers that begin so are somebody's extension.
        NumberRule(f"_{country_code}ZXXXXXXX.", "0", length, "international without its +"),
        NumberRule("_0.", "", 0, "national already"),
        NumberRule("_+[0-9].", "", 0, "another country's: as it came"),
        NumberRule("_[0-9*#]!", "", 0, "short and service numbers: as they came"),
    )
