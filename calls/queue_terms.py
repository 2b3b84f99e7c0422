"""The settings of a queue as the engine reads them at every step: plain attributes of a plain object.

Reading an attribute of a model that checks YAML takes ten times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from calls.queue_settings import CallbackRules, Notices, QueueSettings


class QueueTerms:
    """What `QueueSettings` says, under the same names."""

    def __init__(self, settings: QueueSettings) -> None:
        self.sticky: bool = settings.sticky
        self.ring_timeout_s: float = settings.ring_timeout_s
        self.misses: int = settings.misses
        self.rest_s: float | None = settings.rest_s
        self.wrapup_s: float | None = settings.wrapup_s
        self.max_waiting: int | None = settings.max_waiting
        self.max_expected_wait_s: float | None = settings.max_expected_wait_s
        self.max_wait_s: float | None = settings.max_wait_s
        self.last_call_s: float = settings.last_call_s
        self.at_closing: Literal["serve", "release"] = settings.at_closing
        self.notices: Notices | None = settings.notices
        self.callback: CallbackRules = settings.callback
        self.limited: bool = settings.limited
        self.rings_many: bool = settings.rings_many
