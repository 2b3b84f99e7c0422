"""The PINs of the service numbers: their digits stay at this edge, neither in a log nor in the journal."""

from __future__ import annotations

import hmac
import logging
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from calls.event import Event
from calls.events import CallArrived, DigitPressed, LegEnded, PinEntered
from engine.centre import Centre
from engine.service_line import PIN_LENGTH
from telephony.secrets import load_pin
from telephony.tree import AsteriskError

log = logging.getLogger(__name__)

MOST_WRONG, WRONG_WITHIN_S = 12, 3600.0
"""So many wrong PINs within an hour, and the number takes none at all until the oldest of them is forgotten."""


def pin_file(secrets: Path, project: str) -> Path:
    """Where the PIN of a project's service number is, below the site's secrets."""
    return secrets / "pins" / project


def make_pins(secrets: Path, centre: Centre) -> None:
    """Make the PINs that are missing. Raises AsteriskError for a file that holds none."""
    for name, project in centre.projects.items():
        if project.service_number is not None:
            load_pin(pin_file(secrets, name), PIN_LENGTH)


def pin_of(secrets: Path, centre: Centre, number: str) -> str | None:
    """The PIN of a number as its file has it now; None for a number that is no service number.

    "" (which nobody can type) where the file is of no use.
    """
    project = centre.by_number.get(number)
    if project is None or project.project not in centre.service_lines:
        return None
    try:
        return load_pin(pin_file(secrets, project.project.removesuffix(".service")), PIN_LENGTH)
    except (AsteriskError, OSError) as error:
        log.error("%s", error)
        return ""


class PinPad:
    """Collects what the callers of service numbers type, until they have typed the right PIN.

    `pin`: the PIN of a number, or None where none is asked for.
    """

    def __init__(self, pin: Callable[[str], str | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._pin = pin
        self._clock = clock
        self._typing: dict[str, _Typing] = {}
        self._wrong: dict[str, deque[float]] = {}

    def filtered(self, event: Event) -> Event | None:
        """What the engine is to know: every event as it came, but of a PIN at most whether it was right."""
        match event:
            case CallArrived(leg, number):
                pin = self._pin(number)
                if pin is not None:
                    self._typing[leg] = _Typing(number, pin)
            case LegEnded(leg):
                self._typing.pop(leg, None)
            case DigitPressed(leg, digit) if leg in self._typing:
                return self._pressed(leg, digit)
        return event

    def _pressed(self, leg: str, digit: str) -> PinEntered | None:
        typing = self._typing[leg]
        typing.typed += digit if digit.isdigit() else ""
        if len(typing.typed) < PIN_LENGTH:
            return None
        right = self._right(typing)
        typing.typed = ""
        if right:
            del self._typing[leg]
        return PinEntered(leg, right)

    def _right(self, typing: _Typing) -> bool:
        wrong, now = self._wrong.setdefault(typing.number, deque()), self._clock()
        while wrong and wrong[0] <= now - WRONG_WITHIN_S:
            wrong.popleft()
        if len(wrong) >= MOST_WRONG:
            log.error("a service number was given too many wrong PINs and takes none for a while")
            return False
        right = hmac.compare_digest(typing.typed.encode(), typing.pin.encode())
        if not right:
            wrong.append(now)
        return right


class _Typing:
    """One caller before the telephone keys; never printed."""

    def __init__(self, number: str, pin: str) -> None:
        self.number = number
        self.pin = pin
        self.typed = ""
