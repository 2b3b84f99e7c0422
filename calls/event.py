"""The base of everything that enters the engine."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, tag=True, gc=False):
    """Base of all events. The tag in the journal is the class name."""
