"""What the monitor says instead of doing what it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "bad_login",
    "not_logged_in",
    "too_many_tries",
    "csrf",
    "not_allowed",
    "not_found",
    "bad_request",
    "conflict",
    "too_large",
    "audit_unwritable",
    "engine_away",
    "engine_silent",
    "store_away",
    "failed",
]
STATUS: Mapping[Code, int] = {
    "bad_login": 401,
    "not_logged_in": 401,
    "too_many_tries": 429,
    "csrf": 403,
    "not_allowed": 403,
    "not_found": 404,
    "bad_request": 400,
    "conflict": 409,
    "too_large": 413,
    "audit_unwritable": 503,
    "engine_away": 503,
    "engine_silent": 504,
    "store_away": 503,
    "failed": 500,
}
"""The HTTP status of each."""


class ProblemError(Exception):
    """A request that is not done: why, what to do about it, and the state that stands against it (`conflict`)."""

    def __init__(
        self, code: Code, error: str, state: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(error)
        self.code = code
        self.error = error
        self.state = state
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.code]
