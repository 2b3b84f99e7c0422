"""What is sent to the API with a command, and how that becomes a request to the engine."""

from __future__ import annotations

from typing import Annotated

import msgspec

from calls.command import TargetKind
from calls.events import OverrideKind
from calls.requests import EarMode

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, description="one line of text")]
Name = Annotated[str, msgspec.Meta(max_length=80, description="an id")]
Number = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{2,20}$", description="digits, as they are dialled; outside with the leading 0"
    ),
]
Target = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=40, description="a seat's id, an extension's number or an outside number"
    ),
]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all bodies."""


class Nothing(Body, frozen=True):
    """Nothing has to be said: no body at all, or `{}`."""


class LogIn(Body, frozen=True):
    """Who is to sit there; without `operator`, oneself."""

    operator: Name = ""


class Break(Body, frozen=True):
    """Why the operator takes a break."""

    reason: Line


class Class(Body, frozen=True):
    """An inquiry class of the project: its name, or its number from 1."""

    inquiry_class: Line


class Telephone(Body, frozen=True):
    """Another telephone."""

    kind: TargetKind
    target: Target


class Dial(Body, frozen=True):
    """An outside number, and on behalf of which project; without it, the first that the seat serves."""

    number: Number
    project: Name = ""


class Ear(Body, frozen=True):
    """How to take part in a conversation; `target`: a seat or a call. Without it, the one that is heard already."""

    mode: EarMode
    target: Name = ""


class Override(Body, frozen=True):
    """An order for a project. `until`: ISO 8601, without a zone the project's local time; only `none` needs none."""

    kind: OverrideKind
    until: Annotated[str, msgspec.Meta(max_length=40)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
