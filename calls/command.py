"""The base of everything that leaves the engine, and the few words that commands share."""

from __future__ import annotations

from typing import Literal

import msgspec

TargetKind = Literal["seat", "extension", "outside"]
HangUpReason = Literal["normal", "busy", "no_answer", "answered_elsewhere", "unknown_number", "congestion"]


class Command(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Base of all commands. The tag in the journal is the class name."""
