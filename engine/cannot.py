"""Why a request cannot be done: told to who asked for it, and nothing has changed."""

from __future__ import annotations

from calls.notes import Refusal


class CannotError(Exception):
    """`why` says for people what stands against it; `state` is the state of the seat or call that does."""

    def __init__(self, refusal: Refusal, why: str, state: str = "") -> None:
        super().__init__(why)
        self.refusal = refusal
        self.why = why
        self.state = state


def unknown(why: str) -> CannotError:
    """What was named is not there."""
    return CannotError("unknown", why)


def conflict(why: str, state: str) -> CannotError:
    """It is there, but in a state in which this cannot be done."""
    return CannotError("conflict", why, state)


def forbidden(why: str) -> CannotError:
    """Who asks may not."""
    return CannotError("forbidden", why)
