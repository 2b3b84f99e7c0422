"""Has the engine's place taken at once when it dies: a process that has everything loaded, and does nothing else.

Loading the program takes longer than everything that an engine has to do to go on. So it is loaded once, here, and each
engine is a fork of it: one that dies by a signal is followed by the next within a few tenths of a second. Where this
process dies, its engine goes too, and systemd starts both anew.
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
_PR_SET_PDEATHSIG = 1

Engine = Callable[[], int]
"""Works until it is told to end; returns its exit code."""


def keep(engine: Engine) -> int:
    """Run an engine, and another when it dies by a signal; the exit code of the one that ended by itself."""
    keeper = _Keeper()
    for number in PASSED_ON:
        signal.signal(number, keeper.pass_on)
    gc.collect()
    gc.freeze()  # what is loaded is shared with every engine as long as nobody writes to it
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


class _Keeper:
    """`ending`: this process has been told to end, and its engine with it."""

    def __init__(self) -> None:
        self.ending = False
        self._engine = 0

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
        _, status = os.waitpid(self._engine, 0)
        self._engine = 0
        return status

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
