"""The log: one JSON object a line for machines, a readable line on a terminal; never a number of anybody.

Every module logs by Python's own `logging`; structlog gives the lines their form. The ids of the calls that a text
speaks of stand in the field `call` (or `calls`), so that `journalctl -o cat | jq 'select(.call == "c1...")'` finds
all that was said of one.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
from functools import partial
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from telephony.masking import CALL_ID, masked_fields

log = logging.getLogger(__name__)

_CALL = re.compile(rf"(?<![0-9A-Za-z]){CALL_ID}(?![0-9A-Za-z])")
_TALKATIVE = ("alembic.runtime.plugins",)
"""Their lines at each start help nobody."""
_JOURNALD = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}


def set_up(level: int = logging.INFO, stream: TextIO = sys.stderr) -> None:
    """From now on everything that is logged goes to `stream`, in this form and clean of personal data.

    JSON lines unless `stream` is a terminal. What nobody caught is logged in the same way; on a fatal signal (the
    watchdog's, say) Python tells where it was.
    """
    logging.basicConfig(level=level, handlers=[handler(stream)], force=True)
    logging.captureWarnings(True)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    for talkative in _TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)
    sys.excepthook = _uncaught
    if not faulthandler.is_enabled():
        faulthandler.enable()


def handler(stream: TextIO, *, journald: bool | None = None) -> logging.Handler:
    """A handler that writes such lines. `journald`: each begins with its priority, as systemd's journal reads it."""
    made = logging.StreamHandler(stream)
    if journald is None:
        journald = "JOURNAL_STREAM" in os.environ
    render = _for_people() if stream.isatty() else _for_machines(journald=journald)
    made.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                _call_ids,
                _without_personal_data,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                *render,
            ],
        )
    )
    return made


def _for_machines(*, journald: bool) -> list[Processor]:
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    line: Processor = partial(_with_priority, json) if journald else json
    return [structlog.processors.EventRenamer("text"), _in_order, line]


def _for_people() -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(timestamp_key="at", pad_event_to=0)]


def _call_ids(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    found = list(dict.fromkeys(_CALL.findall(str(event.get("event", "")))))
    if len(found) == 1:
        event.setdefault("call", found[0])
    elif found:
        event.setdefault("calls", found)
    return event


def _without_personal_data(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return masked_fields(event)


def _in_order(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    first = ("at", "level", "logger", "text")
    return {**{name: event[name] for name in first if name in event}, **event}


def _with_priority(render: Processor, logger: WrappedLogger, name: str, event: EventDict) -> str:
    # systemd's journal takes `<3>` off again, and `journalctl -p err` finds the line.
    return f"<{_JOURNALD.get(str(event.get('level')), 6)}>{render(logger, name, event)!s}"


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("a fault that nobody caught ends the program", exc_info=(kind, error, trace))
