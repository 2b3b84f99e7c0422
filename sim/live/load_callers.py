"""Robot callers who do what they are told while they call: dial, press a key, hang up. One SIPp process for all."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.live.callers import Caller, CallerFiles, CallResult, results
from sim.live.load_words import DIAL, LEAVE, Speaker, key_word
from sim.live.sipp import Sipp

_READY_PER_S = 1000.0
"""So many callers a second stand ready at the telephone; none dials by himself."""


class ToldCallers:
    """`async with ToldCallers(callers, target, work_dir, limit_s) as them:` - all stand ready inside.

    Each is known by his place in `callers` (from 0), and dials once. Who still talks when the context is left hangs up.
    Raises SippError.
    """

    def __init__(
        self,
        callers: Sequence[Caller],
        *,
        target: tuple[str, int],
        work_dir: Path,
        limit_s: float,
        media: bool = True,
    ) -> None:
        self._callers = callers
        files = CallerFiles(callers, media, work_dir, told=True)
        arguments = files.arguments(target, _READY_PER_S)
        self._sipp = Sipp("callers", files.xml, arguments, work_dir=work_dir, limit_s=limit_s, trace=True)
        self._up = AsyncExitStack()
        self._dialled = 0

    async def __aenter__(self) -> Self:
        await self._up.enter_async_context(self._sipp)
        self._speaker = self._up.enter_context(Speaker(self._sipp.sip_port))
        self._up.callback(self._send_home)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    @property
    def pid(self) -> int:
        """SIPp's process id."""
        return self._sipp.pid

    def dial(self) -> int | None:
        """The next caller dials; his place, or None where everybody has dialled already."""
        if self._dialled == len(self._callers):
            return None
        self._dialled += 1
        self._tell(self._dialled - 1, DIAL)
        return self._dialled - 1

    def hang_up(self, place: int) -> None:
        """He puts the telephone down, whether he was answered (BYE) or not (CANCEL)."""
        self._tell(place, LEAVE)

    def press(self, place: int, key: str) -> None:
        """He presses a key; he must have been answered."""
        self._tell(place, key_word(key))

    def results(self) -> tuple[CallResult, ...]:
        """What became of those who have dialled, in their order."""
        return tuple(results(self._callers[: self._dialled], self._sipp.traces()))

    def _tell(self, place: int, word: str) -> None:
        self._speaker.tell(f"{place + 1}-{self.pid}@127.0.0.1", word)

    def _send_home(self) -> None:
        for place in range(self._dialled, len(self._callers)):
            self._tell(place, LEAVE)
