import asyncio
import hashlib
import resource
import threading
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import finish
from recordings.convert import finish_file, is_being_written
from recordings.finish import (
    AGAIN_S,
    FailedRecording,
    FinishedRecording,
    RecordingFinisher,
    recording_directory,
)

pytestmark = pytest.mark.unit

FRAME = b"\x01\x00\x02\x00"
SECOND = FRAME * 8000


@dataclass
class House:
    """A finisher, the folders about it, and what it reported."""

    root: Path
    known: set[str] = field(default_factory=lambda: {"call-1", "call-2"})
    reports: asyncio.Queue[FinishedRecording] = field(default_factory=asyncio.Queue)
    failures: asyncio.Queue[FailedRecording] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.incoming.mkdir()
        self.finisher = self.new_finisher()

    @property
    def incoming(self) -> Path:
        return self.root / "incoming"

    @property
    def placed(self) -> Path:
        return recording_directory(self.root, "autotax", "2026-05-07")

    def new_finisher(self, again_s: float = AGAIN_S) -> RecordingFinisher:
        return RecordingFinisher(
            self.incoming,
            place=lambda recording_id: self.placed if recording_id in self.known else None,
            unclaimed=self.root / "unclaimed",
            on_finished=self.reports.put_nowait,
            on_failed=self.failures.put_nowait,
            again_s=again_s,
        )

    def raw(self, data: bytes, name: str = "call-1") -> Path:
        path = self.incoming / f"{name}.raw"
        path.write_bytes(data)
        return path

    async def report(self) -> FinishedRecording:
        async with asyncio.timeout(10):
            return await self.reports.get()

    async def failure(self) -> FailedRecording:
        async with asyncio.timeout(10):
            return await self.failures.get()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = House(tmp_path)
    yield house
    await house.finisher.stop()


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """No file of this process may grow beyond `limit` bytes: the kernel refuses as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_is_finished_when_its_writer_closes_it_and_not_before(house: House) -> None:
    await house.finisher.start()
    with (house.incoming / "call-1.raw").open("wb") as file:
        file.write(SECOND)
        file.flush()
        await house.finisher.sweep()
        assert house.reports.empty()
        file.write(SECOND)
    report = await house.report()
    path = house.placed / "call-1.wav"
    whole = path.read_bytes()
    digest = hashlib.sha256(whole).hexdigest()
    assert report == FinishedRecording("call-1", path, 2.0, digest, len(whole))
    await house.finisher.sweep()
    assert not list(house.incoming.iterdir())
    assert house.reports.empty()
    with wave.open(str(path)) as wav:
        assert (wav.getnchannels(), wav.getframerate()) == (2, 8000)
        assert wav.readframes(99999) == SECOND * 2


async def test_what_a_crash_left_is_finished_at_start(house: House) -> None:
    house.raw(SECOND)
    (house.incoming / "notes.txt").write_text("not a recording")
    with house.raw(SECOND, "call-2").open("ab") as still_writing:
        await house.finisher.start()
        await house.finisher.sweep()
        assert (await house.report()).recording_id == "call-1"
        assert house.reports.empty()
        still_writing.write(SECOND)
    assert (await house.report()).seconds == 2.0


async def test_a_torn_frame_is_left_out_and_an_empty_file_lasts_no_time(house: House) -> None:
    await house.finisher.start()
    house.raw(SECOND + b"\x01\x02\x03")
    assert (await house.report()).seconds == 1.0
    house.raw(b"", "call-2")
    report = await house.report()
    assert (report.seconds, report.bytes) == (0.0, 44)
    await house.finisher.sweep()
    assert not list(house.incoming.iterdir())


async def test_a_recording_that_nobody_knows_is_unclaimed(house: House) -> None:
    await house.finisher.start()
    house.raw(SECOND, "who.1")
    assert (await house.report()).path == house.root / "unclaimed" / "who.1.wav"


async def test_a_full_disk_is_told_and_the_raw_file_is_kept_for_the_next_sweep(house: House) -> None:
    raw = house.raw(SECOND * 4)
    await house.finisher.start()
    with full_disk(len(SECOND)):
        failed = await house.failure()
    assert (failed.recording_id, failed.raw) == ("call-1", raw)
    assert "the raw file stays" in failed.reason
    assert raw.exists()
    assert not list(house.placed.iterdir())
    await house.finisher.sweep()
    assert (await house.report()).seconds == 4.0


def test_no_space_left_has_its_own_advice() -> None:
    assert "the disk is full" in finish._advice(OSError(28, "No space left on device"))
    assert "Asterisk's user" in finish._advice(PermissionError(1, "Operation not permitted"))


async def test_a_report_that_fails_is_made_again_without_a_second_recording(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.raw(SECOND)
    tries: list[FinishedRecording] = []

    def refuse_once(finished: FinishedRecording) -> None:
        tries.append(finished)
        if len(tries) == 1:
            raise RuntimeError("journal is full")

    finisher = RecordingFinisher(
        house.incoming,
        place=lambda _: house.placed,
        unclaimed=tmp_path,
        on_finished=refuse_once,
        on_failed=house.failures.put_nowait,
    )
    await finisher.start()
    assert "journal is full" in (await house.failure()).reason
    await finisher.sweep()
    await finisher.stop()
    assert tries[0] == tries[1]
    assert [file.name for file in house.placed.iterdir()] == ["call-1.wav"]


async def test_a_second_recording_of_the_same_name_does_not_overwrite_the_first(house: House) -> None:
    await house.finisher.start()
    house.raw(SECOND)
    first = await house.report()
    await house.finisher.sweep()
    house.raw(SECOND * 2)
    second = await house.report()
    assert (first.path.name, second.path.name) == ("call-1.wav", "call-1-2.wav")
    assert first.path.stat().st_size == first.bytes


async def test_no_more_than_two_files_are_worked_on_at_once_and_all_get_done(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def counted(raw: Path, directory: Path) -> FinishedRecording:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        finished = finish_file(raw, directory)
        with lock:
            running -= 1
        return finished

    monkeypatch.setattr(finish, "finish_file", counted)
    for number in range(20):
        house.raw(SECOND, f"call-{number}")
    await house.finisher.start()
    await house.finisher.sweep()
    assert house.reports.qsize() == 20
    assert most <= 2


async def test_stop_waits_for_the_files_in_progress_and_leaves_the_rest(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def held(raw: Path, directory: Path) -> FinishedRecording:
        loop.call_soon_threadsafe(begun.set)
        assert go_on.wait(10)
        return finish_file(raw, directory)

    monkeypatch.setattr(finish, "finish_file", held)
    for number in range(5):
        house.raw(SECOND, f"call-{number}")
    await house.finisher.start()
    async with asyncio.timeout(10):
        await begun.wait()
    stopped = asyncio.create_task(house.finisher.stop())
    loop.call_soon(go_on.set)
    await stopped
    done = house.reports.qsize()
    assert 1 <= done <= 2
    assert len(list(house.incoming.iterdir())) == 5 - done
    again = house.new_finisher()
    await again.start()
    await again.sweep()
    await again.stop()
    assert house.reports.qsize() == 5


async def test_stop_right_after_start_leaves_nothing_open(house: House) -> None:
    before = open_files()
    finisher = house.new_finisher()
    await finisher.start()
    await finisher.stop()
    assert open_files() == before


def test_the_kernel_says_whether_a_file_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "a.raw"
    with path.open("wb"):
        assert is_being_written(path)
    assert not is_being_written(path)
    with path.open("rb"):
        assert not is_being_written(path)


@given(data=st.binary(max_size=200))
def test_any_raw_file_becomes_a_wav_with_exactly_its_whole_frames(data: bytes) -> None:
    with TemporaryDirectory() as name:
        raw = Path(name) / "call.1.raw"
        raw.write_bytes(data)
        finished = finish_file(raw, Path(name) / "out")
        with wave.open(str(finished.path)) as wav:
            assert wav.readframes(1000) == data[: len(data) // 4 * 4]
        assert finished.path.name == "call.1.wav"
        assert finished.sha256 == hashlib.sha256(finished.path.read_bytes()).hexdigest()
        assert raw.read_bytes() == data
