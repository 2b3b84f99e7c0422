"""The form of the log: JSON lines for machines, readable ones for people, calls as fields, nobody's number."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from telephony.logs import handler
from telephony.masking import MASK

pytestmark = pytest.mark.unit

CALL = "c1779123456xab12-17"


class Terminal(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@contextmanager
def logger(stream: io.StringIO, *, journald: bool = False) -> Iterator[logging.Logger]:
    """A logger of a module that writes there."""
    log = logging.getLogger("telephony.some_module")
    out = handler(stream, journald=journald)
    before, log.propagate = (log.level, log.propagate), False
    log.setLevel(logging.INFO)
    log.addHandler(out)
    yield log
    log.removeHandler(out)
    log.level, log.propagate = before


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """What was written, without the times."""
    read = [json.loads(line) for line in stream.getvalue().splitlines()]
    for line in read:
        assert line.pop("at").endswith("Z")
    return read


def test_a_line_is_one_json_object() -> None:
    out = io.StringIO()
    with logger(out) as log:
        log.warning("%d of %s", 3, "日本", extra={"queue": "tax/main"})
    assert lines(out) == [
        {"level": "warning", "logger": "telephony.some_module", "text": "3 of 日本", "queue": "tax/main"}
    ]
    assert next(iter(json.loads(out.getvalue()))) == "at"


def test_the_calls_that_it_speaks_of_are_a_field() -> None:
    out = io.StringIO()
    with logger(out) as log:
        log.info("the bridge %s.b1 is closed", CALL)
        log.info("%s after %s-2", CALL, "c1779123456")
        log.info("nothing", extra={"call": CALL})
    one, two, given = lines(out)
    assert (one["call"], two["calls"], given["call"]) == (CALL, [CALL, "c1779123456-2"], CALL)


def test_nobody_s_number_gets_in_by_any_way() -> None:
    out = io.StringIO()
    with logger(out) as log:
        try:
            raise ValueError("0480007000")
        except ValueError:
            log.exception("from %s", "048-000-7000", extra={"caller": "05", "note": "+81480007000"})
    [told] = lines(out)
    assert (told["text"], told["caller"], told["note"]) == (f"from {MASK}", MASK, MASK)
    assert f"ValueError: {MASK}" in told["exception"]
    assert "7000" not in out.getvalue()


def test_systemd_s_journal_is_told_how_bad_it_is() -> None:
    out = io.StringIO()
    with logger(out, journald=True) as log:
        log.error("bad")
        log.info("well")
    assert [line[:4] for line in out.getvalue().splitlines()] == ["<3>{", "<6>{"]


def test_people_read_no_json() -> None:
    out = Terminal()
    with logger(out) as log:
        log.error("from 0480007000 about %s", CALL)
    assert f"from {MASK} about {CALL}" in out.getvalue()
    assert "{" not in out.getvalue()


def test_what_the_service_sets_up() -> None:
    program = (
        "import logging, warnings, structlog; from telephony.logs import set_up; set_up();"
        "logging.getLogger('a.b').debug('unseen'); logging.getLogger('a.b').info('seen');"
        "structlog.get_logger('c').error('by structlog', caller='05'); warnings.warn('old');"
        "raise RuntimeError('0480007000')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["text"].partition("\n")[0] for line in told if line["logger"] != "py.warnings"] == [
        "seen", "by structlog", "a fault that nobody caught ends the program",
    ]  # fmt: skip
    assert (told[1]["caller"], told[-1]["level"], done.returncode) == (MASK, "critical", 1)
    assert f"RuntimeError: {MASK}" in told[-1]["exception"]
    assert "7000" not in done.stderr
