"""Robot callers: real INVITEs with audio, each caller with a number, an id, a tone and a behaviour.

result = await run_callers(
    [Caller("0570012229", "0481234567", caller_tone_hz(0), talk(3))],
    target=("127.0.0.1", 5060), rate=10, work_dir=directory,
)
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.live.behaviour import CallerBehaviour, KeyWay, talk
from sim.live.caller_scenario import CallerScenario, Dialling, Programme
from sim.live.keys import KEYS, write_key
from sim.live.sipp import Sipp, SippRun
from sim.live.tones import write_tone
from sim.live.trace import CallTrace, Ending

_NUMBER = re.compile(r"\+?[A-Za-z0-9*#_.-]+")
_MARGIN_S = 20.0
_PROGRESS_S = 0.25
_CALL_ID = "%u-%p@%s"


@dataclass(frozen=True)
class Caller:
    """One caller. `caller_id` None: withheld (anonymous, Privacy: id); `tone_hz` None: silence.

    `delay_s` is waited before the INVITE, on top of what the rate of the load brings.
    """

    number: str
    caller_id: str | None
    tone_hz: int | None
    behaviour: CallerBehaviour = field(default_factory=lambda: talk(1.0))
    offers_sdp: bool = True
    delay_s: float = 0.0

    @property
    def dialling(self) -> Dialling:
        events = all(press.way is not KeyWay.INBAND for press in self.behaviour.presses)
        return Dialling(self.caller_id is None, self.offers_sdp, self.behaviour.give_up_after_s, events)

    def programme(self, media: bool) -> Programme:
        return Programme(self.behaviour, self.caller_id is None, self.tone_hz if media else None)


@dataclass(frozen=True)
class CallResult:
    """What became of one caller; `trace` is None when its INVITE never went out."""

    caller: Caller
    trace: CallTrace | None

    @property
    def setup_code(self) -> int | None:
        return self.trace.setup_code if self.trace else None

    @property
    def answered(self) -> bool:
        return self.trace is not None and self.trace.answered

    @property
    def ending(self) -> Ending:
        return self.trace.ending if self.trace else Ending.UNFINISHED

    @property
    def failed(self) -> bool:
        """Refused, never answered, or never ended; a caller who gave up did not fail."""
        return self.ending in (Ending.REFUSED, Ending.UNFINISHED)


@dataclass(frozen=True)
class LoadResult:
    """All callers in the order they were given, and the figures of SIPp itself."""

    calls: tuple[CallResult, ...]
    run: SippRun

    @property
    def answered(self) -> int:
        return sum(one.answered for one in self.calls)

    @property
    def failed(self) -> int:
        return sum(one.failed for one in self.calls)


@dataclass(frozen=True)
class LoadProgress:
    """How far a load has come: counts of callers."""

    started: int
    answered: int
    finished: int


async def run_callers(
    callers: Sequence[Caller],
    *,
    target: tuple[str, int],
    work_dir: Path,
    rate: float = 1000.0,
    media: bool = True,
    limit_s: float | None = None,
    on_progress: Callable[[LoadProgress], None] | None = None,
    on_started: Callable[[int], None] | None = None,
) -> LoadResult:
    """Makes all the calls, `rate` new ones per second (1000: a burst), and returns when the last one ended.

    `limit_s` ends the load whatever its calls do (by default 20 s after the slowest caller must be through).
    `media=False` sends no tones. `on_started` is told SIPp's process id. Raises SippError, ValueError.
    """
    _check(callers, rate)
    load = CallerFiles(callers, media, work_dir)
    longest = limit_s or _longest_s(callers, rate)
    arguments = load.arguments(target, rate)
    async with Sipp(
        "callers", load.xml, arguments, work_dir=work_dir, limit_s=longest, trace=True
    ) as process:
        if on_started:
            on_started(process.pid)
        run = await _wait(process, on_progress)
        return LoadResult(tuple(results(callers, process.traces())), run)


def _check(callers: Sequence[Caller], rate: float) -> None:
    if not callers:
        raise ValueError("no callers: name at least one Caller")
    if rate <= 0:
        raise ValueError(f"a rate of {rate} calls per second never begins: choose one above 0")
    for one in callers:
        for text in (one.number, one.caller_id):
            if text is not None and not _NUMBER.fullmatch(text):
                raise ValueError("a number may hold digits, letters, + * # _ . - only")


def _longest_s(callers: Sequence[Caller], rate: float) -> float:
    return len(callers) / rate + max(_caller_s(one) for one in callers) + _MARGIN_S


def _caller_s(one: Caller) -> float:
    how = one.behaviour
    pressing = sum(press.after_s + 1.0 for press in how.presses)
    return one.delay_s + how.give_up_after_s + pressing + how.hang_up_after_s


class CallerFiles:
    """The files of one load in `work_dir`: scenario, injection file, tones and keys.

    `told`: the callers wait for words (`sim.live.load_words`).
    """

    def __init__(self, callers: Sequence[Caller], media: bool, work_dir: Path, *, told: bool = False) -> None:
        self._callers = callers
        self._media = media
        self._told = told
        programmes = [one.programme(media) for one in callers]
        delayed = any(one.delay_s > 0 for one in callers)
        diallings = [one.dialling for one in callers]
        self._scenario = CallerScenario(diallings, programmes, delayed=delayed, told=told)
        work_dir.mkdir(parents=True, exist_ok=True)
        self._write_audio(work_dir)
        lines = ["SEQUENTIAL", *map(self._line, callers), ""]
        (work_dir / "callers.csv").write_text("\n".join(lines), encoding="ascii")

    @property
    def xml(self) -> str:
        return self._scenario.xml

    def arguments(self, target: tuple[str, int], rate: float) -> list[str]:
        """SIPp's own, for `rate` new callers per second."""
        count = str(len(self._callers))
        limits = ["-m", count, "-l", count, "-r", str(rate), "-cid_str", _CALL_ID]
        return [f"{target[0]}:{target[1]}", "-inf", "callers.csv", *limits]

    def _write_audio(self, work_dir: Path) -> None:
        for hz in {one.tone_hz for one in self._callers if self._media and one.tone_hz is not None}:
            write_tone(work_dir, hz)
        for press in {press for one in self._callers for press in one.behaviour.presses}:
            write_key(work_dir, press.key, as_tones=press.way is KeyWay.INBAND)
        for key in KEYS if self._told else "":
            write_key(work_dir, key)

    def _line(self, one: Caller) -> str:
        steps = self._scenario
        programme = one.programme(self._media)
        fields = [one.number, one.caller_id or "anonymous", steps.tone_step(programme.tone_hz)]
        fields += [steps.dial_step(one.dialling), steps.programme_step(programme), round(one.delay_s * 1000)]
        return ";".join(map(str, fields))


async def _wait(process: Sipp, on_progress: Callable[[LoadProgress], None] | None) -> SippRun:
    if on_progress is None:
        return await process.wait()
    reporting = asyncio.create_task(_report(process, on_progress))
    try:
        return await process.wait()
    finally:
        reporting.cancel()
        await asyncio.wait([reporting])


async def _report(process: Sipp, on_progress: Callable[[LoadProgress], None]) -> None:
    while True:
        await asyncio.sleep(_PROGRESS_S)
        on_progress(progress(process.traces()))


def progress(traces: dict[str, CallTrace]) -> LoadProgress:
    """Counts of what these calls have reached."""
    endings = Counter(one.ending for one in traces.values())
    answered = sum(one.answered for one in traces.values())
    return LoadProgress(len(traces), answered, len(traces) - endings[Ending.UNFINISHED])


def results(callers: Sequence[Caller], traces: dict[str, CallTrace]) -> Iterator[CallResult]:
    """What became of each caller, in their order.

    SIPp numbers its calls from 1 in the order of the injection file, and begins the call id with it.
    """
    by_number = {int(call_id.partition("-")[0]): trace for call_id, trace in traces.items()}
    for number, caller in enumerate(callers, start=1):
        yield CallResult(caller, by_number.get(number))
