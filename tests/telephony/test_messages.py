"""Messages on their way from Asterisk's folder to their place."""

from __future__ import annotations

import hashlib
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from calls.event import Event
from calls.events import MessageStored, TimePassed
from calls.journal import Entry
from calls.notes import NoteArrived
from store.database import Database
from store.journal_writer import JournalWriter
from store.migrations import upgrade
from telephony.messages import MessageKeeper

pytestmark = pytest.mark.unit


def audio(file: Path, seconds: float = 0.5) -> Path:
    """A WAV as ARI writes them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(b"\1\2" * round(8000 * seconds))
    return file


class Keeping:
    """A keeper for the call `c1` of the project `city`; `told` is what the engine hears."""

    def __init__(self, folder: Path, journal: JournalWriter) -> None:
        self.incoming, self.root = folder / "incoming", folder / "recordings"
        self.told: list[Event] = []
        self.keeper = MessageKeeper(
            self.incoming, self.root / "unclaimed", lambda project, at: self.root / project / f"{at:g}",
            journal.flush, self.told.append,
        )  # fmt: skip


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    await upgrade(f"sqlite:///{tmp_path}/denwaban.db")
    async with Database(f"sqlite:///{tmp_path}/denwaban.db") as opened:
        yield opened


@pytest.fixture
async def keeping(tmp_path: Path, database: Database) -> AsyncIterator[Keeping]:
    async with JournalWriter(database, "run") as journal:
        journal.put(Entry(1, 1000.0, TimePassed(), [NoteArrived("c1", "leg1", "city", "0480000001", "")]))
        yield Keeping(tmp_path, journal)


async def test_a_message_comes_to_the_recordings_of_its_call(keeping: Keeping, database: Database) -> None:
    await keeping.keeper.start(database)
    file = audio(keeping.incoming / "c1-message.wav")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    keeping.keeper.finished("c1-message")
    await keeping.keeper.stop()
    assert keeping.told == [MessageStored("c1-message", 0.5, digest)]
    kept = keeping.root / "city" / "1000" / "c1-message.wav"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == digest
    assert not file.exists()


async def test_what_an_earlier_life_left_is_kept_at_the_start(keeping: Keeping, database: Database) -> None:
    audio(keeping.incoming / "c1-message2.wav")
    audio(keeping.incoming / "c9-message.wav")
    await keeping.keeper.start(database)
    kept = sorted(str(file.relative_to(keeping.root)) for file in keeping.root.rglob("*.wav"))
    assert kept == ["city/1000/c1-message2.wav", "unclaimed/c9-message.wav"]
    assert len(keeping.told) == 2


async def test_one_whose_end_is_still_to_be_told_is_left_at_the_start(
    keeping: Keeping, database: Database
) -> None:
    file = audio(keeping.incoming / "c1-message.wav")
    await keeping.keeper.start(database, {"c1-message"})
    assert (file.exists(), keeping.told) == (True, [])
    keeping.keeper.finished("c1-message")
    await keeping.keeper.stop()
    assert (file.exists(), len(keeping.told)) == (False, 1)


@pytest.mark.parametrize("content", [None, b"", b"RIFF nothing"])
async def test_a_file_that_cannot_be_kept_stays(
    keeping: Keeping, database: Database, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    await keeping.keeper.start(database)
    file = keeping.incoming / "c1-message.wav"
    if content is not None:
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    keeping.keeper.finished("c1-message")
    await keeping.keeper.stop()
    assert keeping.told == []
    assert file.exists() == (content is not None)
    assert "the message c1-message stays" in caplog.text
