"""`docs/seats-and-people.md` is true: its examples are read, and its tables have the keys that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter

from calls.queue_settings import Notices, QueueSettings
from engine.people_file import PeopleFile
from engine.seats_file import SeatGroup, SeatsFile
from engine.shifts_file import ShiftsFile
from ivr.nodes import Node
from ivr.nodes.enqueue import Enqueue
from ivr.waiting_words import POSITION_TEXTS, WAIT_TEXTS

pytestmark = pytest.mark.unit

PAGE = (Path(__file__).parents[2] / "docs" / "seats-and-people.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [
    yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (every value is text, as it is for a telephone number)
    for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
]
FILES: dict[str, type[BaseModel]] = {"seats": SeatsFile, "people": PeopleFile, "shifts": ShiftsFile}


def keys_of(heading: str) -> set[str]:
    """The names in the first column of the table below a heading."""
    part = PAGE.split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: next(iter(example)))
def test_an_example(example: dict[str, Any]) -> None:
    model = FILES.get(next(iter(example)))
    if model is not None:
        model.model_validate(example)
        return
    for node in example.values():
        TypeAdapter(Node).validate_python(node)


def test_every_key_of_a_seat_is_told() -> None:
    assert keys_of("Seats") == SeatGroup.model_fields.keys() - {"name"}


def test_every_setting_of_a_queue_is_told_or_stands_in_the_projects() -> None:
    told = keys_of("Whose turn it is")
    assert told <= QueueSettings.model_fields.keys() | {"tries", "interval_s", "ring_s", "from_number"}
    own = {"ring_timeout_s", "misses", "rest_s", "wrapup_s"}
    assert QueueSettings.model_fields.keys() - told == own


def test_every_way_out_of_a_line_is_told() -> None:
    assert keys_of("Into the line") == Enqueue.model_fields.keys() - {"type", "queue", "priority"}


def test_the_notices() -> None:
    part = PAGE.split("\n## What a waiting caller hears", 1)[1]
    [written] = re.findall(r"`notices: (\{.*?\})`", part)
    assert Notices.model_validate(yaml.safe_load(written)).position
    named = set(re.findall(r"`((?:position|wait)_\w+)`", part))
    assert {"position_1", "position_10", "position_many", *WAIT_TEXTS} == named
    assert named <= {*POSITION_TEXTS, *WAIT_TEXTS}
