"""What a caller may hear without having been answered, and so without paying for it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from calls.events import CommandFailed
from tests.engine.city import CLOSED, OPEN, City, centre

pytestmark = pytest.mark.unit

FREE: dict[str, Any] = {
    "gate": {"type": "hours", "open": "line", "closed": "sorry"},
    "sorry": {"type": "say", "guidance": ["closed", "web"], "next": "bye", "answer": False},
    "bye": {"type": "hangup", "guidance": "bye", "answer": False},
    "busy": {"type": "hangup", "guidance": "busy", "outcome": "overflowed", "answer": False},
    "nobody": {"type": "hangup", "guidance": "nobody", "outcome": "overflowed", "answer": False},
}


def free_city(start: float = OPEN, *, early_media: bool = True, nodes: Any = None, **more: Any) -> City:
    of = centre(nodes=FREE | (nodes or {}), **more)
    return City(dataclasses.replace(of, early_media=early_media), start)


def test_who_only_hears_that_it_is_closed_is_never_answered() -> None:
    tax = free_city(CLOSED)
    tax.arrives(1, "anna")
    for at in (5, 9, 12):
        tax.hears(at, "anna")
    assert tax.done() == [
        (1, "early media to anna"),
        (1, "play closed to anna"),
        (5, "play web to anna"),
        (9, "play bye to anna"),
        (12, "hang up anna (no_answer)"),
    ]
    assert tax.life("anna") == [(1, "IVR"), (12, "closed"), (12, "CLOSED")]
    tax.check()


def test_without_early_media_the_same_texts_are_said_to_an_answered_call() -> None:
    tax = free_city(CLOSED, early_media=False)
    tax.arrives(1, "anna")
    for at in (5, 9, 12):
        tax.hears(at, "anna")
    assert [what for _, what in tax.done()] == [
        "answer anna",
        "play closed to anna",
        "play web to anna",
        "play bye to anna",
        "hang up anna",
    ]


def test_a_menu_answers() -> None:
    tax = free_city(CLOSED, nodes={"sorry": FREE["sorry"] | {"next": "info"}})
    tax.arrives(1, "anna")
    tax.hears(5, "anna")
    tax.hears(9, "anna")
    assert tax.done(9) == [(9, "answer anna"), (9, "play info to anna")]
    tax.presses(10, "anna", "1")
    tax.hears(12, "anna")
    tax.hears(14, "anna")
    assert tax.done(11) == [(12, "play bye to anna"), (14, "hang up anna")]


def test_who_is_turned_away_by_a_full_line_is_not_answered() -> None:
    tax = free_city(queue={"max_waiting": 1})
    tax.arrives(1, "anna")
    tax.arrives(2, "ben")
    tax.arrives(3, "carl")
    tax.hears(9, "carl")
    assert tax.done() == [
        (1, "answer anna"),
        (1, "ring s1 for anna"),
        (2, "music to anna"),
        (2, "answer ben"),
        (2, "music to ben"),
        (3, "early media to carl"),
        (3, "play busy to carl"),
        (9, "hang up carl (busy)"),
    ]
    assert tax.life("carl") == [(3, "IVR"), (9, "overflowed"), (9, "CLOSED")]


def test_who_waited_in_the_line_was_answered_before() -> None:
    tax = free_city(seats=0)
    tax.arrives(1, "anna")
    tax.hears(5, "anna")
    assert tax.done(5) == [(5, "hang up anna (busy)")]
    tax = free_city(queue={"max_wait_s": 10}, nodes={"given_up": FREE["busy"] | {"outcome": "timed_out"}})
    tax.arrives(0, "anna")
    tax.picks_up(1, "s1")
    tax.arrives(2, "ben")
    tax.time_passes(12)
    tax.hears(15, "ben")
    assert tax.done(3) == [(12, "no music to ben"), (12, "play busy to ben"), (15, "hang up ben")]


def test_who_hangs_up_in_the_middle_of_it_has_the_outcome_of_any_other() -> None:
    tax = free_city(CLOSED)
    tax.arrives(1, "anna")
    tax.hangs_up(3, "anna")
    assert tax.life("anna") == [(1, "IVR"), (3, "closed"), (3, "CLOSED")]


def test_early_media_to_a_caller_who_has_gone_ends_the_call() -> None:
    tax = free_city(CLOSED)
    tax.arrives(1, "anna")
    tax.happens(1, CommandFailed("StartEarlyMedia", "anna", 404))
    assert tax.life("anna") == [(1, "IVR"), (1, "closed"), (1, "CLOSED")]


def test_the_digest_tells_whether_early_media_is_allowed() -> None:
    of = centre()
    assert of.digest() != dataclasses.replace(of, early_media=True).digest()
