"""What the API says instead of doing what it was asked for."""

from __future__ import annotations

from typing import Literal

from telephony.control import ControlError

Thing = Literal["seat", "call", "target", "person", "project", "callback", "lost caller"]
_NONE: dict[Thing, str] = {
    "seat": "there is no seat '{}'; GET /v1/seats tells which there are",
    "call": "there is no call '{}', or it is over",
    "target": "there is no seat and no call '{}'",
    "person": "there is no person '{}'; GET /v1/people tells who there is",
    "project": "there is no project '{}'; GET /v1/projects tells which there are",
    "callback": "there is no callback '{}'; GET /v1/callbacks tells which there are",
    "lost caller": "no lost caller has the call '{}'; GET /v1/lost tells who there is",
}
"""What is said of what is not there, and of what somebody cannot see: he must not learn which of the two it is."""


class ApiError(ControlError):
    """The API cannot start; the message says what to do."""


class RefusedError(Exception):
    """A request that is not done: its HTTP status, what to do about it, and the state that stands against it."""

    def __init__(self, status: int, error: str, state: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.state = state


def missing(thing: Thing, name: str) -> RefusedError:
    """There is no such thing for this person (404)."""
    return RefusedError(404, _NONE[thing].format(name))
