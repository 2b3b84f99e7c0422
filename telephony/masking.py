"""Takes personal data out of a text before it is logged: telephone numbers, and keys that somebody pressed.

The rule is made to err on the safe side. Gone is: every run of six digits or more; every number of nine digits or
more that begins with 0 or + or is written with hyphens, however it is grouped; and whatever stands behind the name
of a personal field (`caller='...'`). What stays is of a shape that no telephone number has (`_KEPT`): ids of calls,
of Asterisk's channels and of runs, dates and times, checksums, and the numbers of entries and processes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"
PERSONAL = frozenset(
    {"caller", "callerid", "caller_id", "digit", "digits", "keys", "number", "pin", "target", "typed"}
)
"""Fields whose value is never logged, whatever it is."""

CALL_ID = r"c1\d{9}(?:x[0-9a-f]{0,6})?-[1-9]\d{0,8}"
"""As the engine makes them (`Floor.new_id`): the second since 1970, a part of the run, the number within the run."""

_KEPT = re.compile(
    rf"""(?<![0-9A-Za-z+])(?:
        {CALL_ID}
      | (?<![-.])1\d{{9}}\.\d{{1,6}}(?!\.)                              # a channel of Asterisk: second.number
      | 20\d{{6}}T\d{{6}}Z(?:-[0-9a-f]{{6}})?                           # a run
      | (?<!-)(?<!\d[\s()])20\d\d-[01]\d-[0-3]\d(?!-)(?:T[0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{{1,6}})?)?Z?)?
      | (?=[0-9]*[a-f])[0-9a-f]{{32,128}}                               # a checksum
      | (?:entry|entries|pid)\ [1-9]\d{{0,8}}
    )(?![0-9A-Za-z])""",
    re.VERBOSE | re.ASCII,
)
_FIELD = re.compile(
    rf"""\b({"|".join(sorted(PERSONAL))})\b(["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;)\]}}]+)""",
    re.IGNORECASE,
)
_HYPHEN = "-\u2010-\u2015\u2212\u30fc\uff0d"
_GROUPED = rf"(?:[{_HYPHEN}\s()/（）]{{0,3}}\d)"
_NUMBER = re.compile(
    rf"(?<!\d)(?:[+＋]\s?\(?\d|\(?[0０]){_GROUPED}{{8,}}"
    r"|(?<!\d)[0０](?:\.?\d){8,}"
    rf"|[+＋]?(?:\d+[{_HYPHEN}])*\d{{6,}}(?:[{_HYPHEN}]\d+)*"
    rf"|(?<!\d)\d+(?:[{_HYPHEN}]\d+){{2,}}"
)
_FEWEST_HYPHENATED = 9


def masked(text: str) -> str:
    """The text without anybody's number."""
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [_NUMBER.sub(_gone, text[end : kept.start()]), kept.group()]
        end = kept.end()
    clean = "".join([*parts, _NUMBER.sub(_gone, text[end:])])
    return _FIELD.sub(rf"\1\2{MASK}", clean)


def masked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a structured log line: its personal fields, and every text in the others."""
    return {name: MASK if _personal(name, value) else _clean(value) for name, value in fields.items()}


def _personal(name: object, value: object) -> bool:
    return str(name).lower() in PERSONAL and value not in ("", None)


def _clean(value: Any) -> Any:
    match value:
        case bool() | int() | float() | None:
            return value
        case str():
            return masked(value)
        case Mapping():
            return masked_fields(value)
        case list() | tuple() | set() | frozenset():
            return [_clean(one) for one in value]
        case _:
            return masked(str(value))


def _gone(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found.group())
    hyphenated = found.group()[0] not in "0０+＋(" and digits < _FEWEST_HYPHENATED
    longest = max(map(len, re.findall(r"\d+", found.group())))
    return found.group() if hyphenated and longest < 6 else MASK
