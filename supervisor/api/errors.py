"""What the API says instead of doing what it was asked for."""

from __future__ import annotations

from telephony.control import ControlError


class ApiError(ControlError):
    """The API cannot start; the message says what to do."""


class RefusedError(Exception):
    """A request that is not done: its HTTP status, what to do about it, and the state that stands against it."""

    def __init__(self, status: int, error: str, state: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.state = state
