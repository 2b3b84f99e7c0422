"""Which version of a text a caller hears, in which language, and on which day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from calls.commands import PlayGuidance
from calls.record import RecordFold
from engine.centre import Centre
from tests.engine.city import OPEN, City, centre

pytestmark = pytest.mark.unit

DAY = 86400.0


def texts(**notice: Any) -> dict[str, Any]:
    """The texts of the city, with another one in the place of the notice."""
    plain = {name: {"ja": name} for name in ("busy", "nobody", "closed", "info", "web", "bye", "usual")}
    return plain | {"notice": notice}


def heard(of: Centre, start: float = OPEN) -> tuple[PlayGuidance, tuple[str, ...]]:
    """What a caller who comes at `start` hears first, and what his record says of it."""
    city = City(of, start)
    city.arrives(1, "anna")
    fold = RecordFold()
    for entry in city.entries:
        fold.feed(entry)
    [record] = fold.records.values()
    first = next(c for entry in city.entries for c in entry.commands if isinstance(c, PlayGuidance))
    return first, record.heard


def test_the_version_of_a_text_goes_into_the_record() -> None:
    command, record = heard(centre(guidance=texts(texts={"ja": "録音します"}, version=7)))
    assert (command.guidance, command.language, command.version) == ("notice", "ja", 7)
    assert record == ("notice@7.ja",)


def test_outside_its_days_the_other_text_is_said() -> None:
    may_7 = dt.date(2026, 5, 7)
    notice = texts(texts={"ja": "今日"}, **{"from": may_7, "to": may_7}, otherwise="usual")
    of = centre(guidance=notice)
    assert [heard(of, OPEN + days * DAY)[1] for days in (-1, 0, 1)] == [
        ("usual@1.ja",),
        ("notice@1.ja",),
        ("usual@1.ja",),
    ]


def test_the_day_is_the_local_one() -> None:
    friday = texts(texts={"ja": "金曜"}, **{"from": dt.date(2026, 5, 8)}, otherwise="usual")
    of = centre(guidance=friday, hours={"weekly": {"mon-sun": ["00:00-24:00"]}})
    midnight = OPEN + 14 * 3600 - 1  # in Tokyo; 15:00 in London
    assert [heard(of, midnight + after)[1] for after in (-1, 0)] == [("usual@1.ja",), ("notice@1.ja",)]


def test_a_text_that_is_not_there_in_the_callers_language_is_said_in_the_projects_own() -> None:
    nodes = {"gate": {"type": "language", "set": "en", "next": "notice"}}
    both: dict[str, Any] = {"nodes": nodes, "languages": ["ja", "en"]}
    assert heard(centre(guidance=texts(ja="はい", en="yes"), **both))[1] == ("notice@1.en",)
    assert heard(centre(guidance=texts(ja="はい"), **both))[1] == ("notice@1.ja",)
