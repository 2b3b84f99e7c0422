"""Has the engine's place taken at once when it dies: a process that has everything loaded, and does nothing else.

Loading the program takes longer than everything that an engine has to do to go on. So it is loaded once, here, and each
engine is a fork of it: one that dies by a signal is followed by the next within a few tenths of a second. Where this
process dies, its engine goes too, and systemd starts both anew.

A companion is another fork of it, which has nothing to do with the calls (the screens, say): it outlives each engine,
is followed by another however it ends, and nothing waits for it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

log = logging.getLogger(__name__)

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGABRT)
SHORT_S = 1.0
"""An engine that lives no longer than this would die again."""
MOST_SHORT = 5
"""So many of them in a row, and it is left to systemd, and to whoever reads the log."""
COMPANION_SHORT_S = 60.0
PATIENCE_S = (1.0, 30.0)
"""So many seconds until the next companion begins its work; twice as many after a short life, up to so many."""
COMPANION_ENDS_S = 3.0
"""So long it is waited for a companion that is told to end."""
_PR_SET_PDEATHSIG = 1

Engine = Callable[[], int]
"""Works until it is told to end; returns its exit code."""


def keep(engine: Engine, companion: Engine | None = None) -> int:
    """Run an engine, and another when it dies by a signal; the exit code of the one that ended by itself."""
    keeper = _Keeper(_Companion(companion) if companion is not None else None)
    for number in PASSED_ON:
        signal.signal(number, keeper.pass_on)
    gc.collect()
    gc.freeze()  # what is loaded is shared with every engine as long as nobody writes to it
    try:
        return _keep(keeper, engine)
    finally:
        keeper.end_companion()


def _keep(keeper: _Keeper, engine: Engine) -> int:
    short = 0
    while True:
        born = time.monotonic()
        status = keeper.run(engine)
        if status is None:
            return 0
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
        short = short + 1 if time.monotonic() - born < SHORT_S else 0
        killed_by = os.WTERMSIG(status)
        if keeper.ending or short >= MOST_SHORT:
            return 128 + killed_by
        log.error("the engine died by signal %d; the next one goes on", killed_by)


class _Companion:
    """One companion after the other. `process`: the id of the one that lives."""

    def __init__(self, work: Engine) -> None:
        self.process = 0
        self._work = work
        self._wait_s = 0.0
        self._born = 0.0

    def begin(self) -> None:
        """Have one."""
        parent, wait_s = os.getpid(), self._wait_s
        self._born = time.monotonic()
        signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)  # what we are told is not for it
        self.process = os.fork()
        if not self.process:
            _be(lambda: self._after(wait_s), parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)

    def ended(self, status: int) -> None:
        """It has, in whatever way: there will be another."""
        first, most = PATIENCE_S
        lived = time.monotonic() - self._born
        self._wait_s = first if lived > COMPANION_SHORT_S else min(most, max(first, 2 * self._wait_s))
        log.warning(
            "a companion ended (%d) after %.0f s; the next begins in %.0f s", status, lived, self._wait_s
        )
        self.begin()

    def _after(self, wait_s: float) -> int:
        time.sleep(wait_s)  # in its own process: nobody else waits
        return self._work()


class _Keeper:
    """`ending`: this process has been told to end, and its engine with it."""

    def __init__(self, companion: _Companion | None = None) -> None:
        self.ending = False
        self._engine = 0
        self._companion = companion

    def run(self, engine: Engine) -> int | None:
        """One engine, from its beginning to its end; its wait status. None: we were told to end before it began."""
        parent = os.getpid()
        # Nobody is told anything between the fork and the moment in which we know whom we have made.
        signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
        if self.ending:  # between two engines there is none to tell
            signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
            return None
        self._engine = os.fork()
        if not self._engine:
            _be(engine, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        if self._companion is not None and not self._companion.process:
            self._companion.begin()
        status = self._wait_for_engine()
        self._engine = 0
        return status

    def end_companion(self) -> None:
        """No further one; what it does not do in time, it does no more when this process ends."""
        if self._companion is None or not self._companion.process:
            return
        process, until = self._companion.process, time.monotonic() + COMPANION_ENDS_S
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGTERM)
        while os.waitpid(process, os.WNOHANG) == (0, 0) and time.monotonic() < until:
            time.sleep(0.02)

    def _wait_for_engine(self) -> int:
        while True:
            process, status = os.waitpid(-1, 0)
            if process == self._engine:
                return status
            if self._companion is not None and process == self._companion.process:
                self._companion.ended(os.waitstatus_to_exitcode(status))

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        """What we are told is meant for the engine."""
        self.ending = True
        if self._engine:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._engine, number)


def _be(engine: Engine, parent: int) -> None:
    """In the new process, which ends here."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)  # it has gone already
        for number in PASSED_ON:
            signal.signal(number, signal.SIG_DFL)
        if faulthandler.is_enabled():  # SIGABRT, the watchdog's: it is to tell where the engine hung
            faulthandler.disable()
            faulthandler.enable()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        if "WATCHDOG_PID" in os.environ:
            os.environ["WATCHDOG_PID"] = str(os.getpid())
        code = engine()
    except Exception:
        log.exception("the engine ended by a fault")
    finally:
        logging.shutdown()
        os._exit(code)
