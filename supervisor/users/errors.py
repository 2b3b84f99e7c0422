"""Why somebody is not logged in."""

from __future__ import annotations

import math


class LoginError(Exception):
    """He is not logged in; the message may be shown to whoever tries."""


class WrongLoginError(LoginError):
    """The same for a wrong password, a user who is not there, and one who is disabled."""

    def __init__(self) -> None:
        super().__init__(
            "user or password is wrong; a new one is set, on the machine itself, with: denwaban user password"
        )


class TooManyTriesError(LoginError):
    """Not looked at at all. `retry_after_s`: whole seconds until it makes sense to try again, at least 1."""

    def __init__(self, wait_s: float) -> None:
        self.retry_after_s = max(1, math.ceil(wait_s))
        super().__init__(f"too many tries to log in: try again in {self.retry_after_s} seconds")
