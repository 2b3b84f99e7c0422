"""Where the journal comes in: the board, and whoever listens; no fault of theirs reaches the calls."""

from __future__ import annotations

import pickle

import pytest

from calls.events import TimePassed
from calls.journal import Entry
from calls.notes import NoteArrived
from supervisor.api.live import Live
from supervisor.board import Change, CountKey, CountPicture

pytestmark = pytest.mark.unit


def arrived(number: int) -> Entry:
    """Somebody calls."""
    return Entry(
        number, 1000.0 + number, TimePassed(), [NoteArrived(f"c{number}", "A", "tax", "0570", "0901234567")]
    )


def test_whoever_listens_hears_of_every_entry_and_what_it_changed() -> None:
    live = Live()
    heard: list[tuple[int, list[Change]]] = []

    def hear(entry: Entry, changes: list[Change]) -> None:
        heard.append((entry.number, changes))

    live.observe(arrived(1))
    live.listen(hear)
    live.observe(arrived(2))
    live.observe(Entry(3, 1003.0, TimePassed(), []))
    live.ignore(hear)
    live.observe(arrived(4))
    assert [number for number, _ in heard] == [2, 3]
    assert [change.id for _, changes in heard for change in changes] == ["c2", "tax|0||-1"]
    assert set(live.board.calls) == {"c1", "c2", "c4"}


def test_a_fault_of_a_picture_is_logged_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    live = Live()

    def fault(entry: Entry, changes: list[Change]) -> None:
        raise RuntimeError("a screen")

    live.listen(fault)
    live.observe(arrived(1))
    assert "the board did not take in entry 1 (TimePassed)" in caplog.text
    assert "0901234567" not in caplog.text
    live.ignore(fault)
    live.observe(arrived(2))
    assert set(live.board.calls) == {"c1", "c2"}


def test_the_next_life_shows_what_the_last_one_did() -> None:
    live, again = Live(), Live()
    live.observe(arrived(1))
    again.thaw(live.freeze())
    again.observe(arrived(2))
    assert set(again.board.calls) == {"c1", "c2"}
    assert again.board.number == 4
    assert again.board.counts == {CountKey("tax", 0.0, "", -1): 2}


def test_what_the_store_has_of_the_day_is_told() -> None:
    live, key = Live(), CountKey("tax", 0.0, "", -1)
    heard: list[Change] = []
    live.observe(arrived(1))
    live.listen(lambda entry, changes: heard.extend(changes))
    live.fill({key: 7}, [])
    assert [(change.kind, change.number, change.now) for change in heard] == [
        ("count", 3, CountPicture("tax", 0.0, "", -1, 8))
    ]
    live.fill({key: 7}, [])
    assert len(heard) == 1


@pytest.mark.parametrize("frozen", [b"", b"no pickle", pickle.dumps([1]), pickle.dumps({})[:-1]])
def test_one_that_cannot_be_read_is_empty(frozen: bytes, caplog: pytest.LogCaptureFixture) -> None:
    live = Live()
    live.thaw(frozen)
    assert "the board of the last life cannot be read" in caplog.text
    live.observe(arrived(1))
    assert set(live.board.calls) == {"c1"}
