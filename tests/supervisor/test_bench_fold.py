"""The bench of the board: it folds a whole day, and its rows are what the table of `make bench` wants."""

from __future__ import annotations

from pathlib import Path

import pytest

from calls.events import TimePassed
from calls.journal import Entry
from supervisor.bench.fold import fold_rows, fold_us, tax_day
from supervisor.board import Board

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def test_a_day_of_the_tax_centre_is_counted_to_its_last_call() -> None:
    board, entries = Board(), tax_day(ROOT)
    for entry in entries:
        board.feed(entry)
    assert not board.calls
    received = sum(calls for key, calls in board.counts.items() if not key.outcome)
    ended = sum(calls for key, calls in board.counts.items() if key.outcome)
    assert received == ended > 1000


def test_the_rows_of_the_bench() -> None:
    [whole] = fold_rows(ROOT, times=1)
    assert (whole["name"], whole["unit"], whole["rival"], whole["rival_value"]) == (
        "board.fold",
        "us",
        "target",
        20.0,
    )


def test_every_entry_is_folded_once() -> None:
    numbers: list[int] = []

    class Fold:
        def feed(self, entry: Entry, /) -> None:
            numbers.append(entry.number)

    assert fold_us(Fold, [Entry(number, 1.0, TimePassed(), []) for number in (1, 2, 3)]) > 0
    assert numbers == [1, 2, 3]
