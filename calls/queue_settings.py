"""How one queue treats its callers and its seats: shared by the flow (which names it) and the line (which obeys it)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from calls.queue_terms import QueueTerms

PolicyName = Literal["longest_idle", "fewest_calls", "round_robin", "ring_all"]


def _digits(number: str) -> str:
    return re.sub(r"[-() ]", "", number)


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Notices(_Settings):
    """What a waiting caller is told: first after `first_s`, then every `every_s` (seconds; None: once).

    `guidance`: a text of the project said each time, before the others. `position`: his place in the line.
    `expected_wait`: said only where the throughput of the last half-hour is steady enough to foretell it.
    """

    first_s: float = Field(default=15.0, ge=0)
    every_s: float | None = Field(default=45.0, ge=5)
    guidance: str | None = None
    position: bool = False
    expected_wait: bool = False


class CallbackRules(_Settings):
    """How those who asked for it are called back: `tries` times at most, `interval_s` (seconds) between two tries.

    `ring_s`: so long their telephone rings. `from_number`: the number they see; None: the project's first.
    """

    tries: int = Field(default=3, ge=1, le=10)
    interval_s: float = Field(default=600.0, gt=0)
    ring_s: float = Field(default=30.0, gt=0)
    from_number: Annotated[str, AfterValidator(_digits)] | None = None


class QueueSettings(_Settings):
    """Settings of one queue; all times in seconds, None meaning without limit.

    `policy`: which of the free seats is rung. `ring`: how many at once; `ring_all` rings all of them.
    `sticky`: the operator with whom this caller last talked is asked first, if he is free.
    `priority`: callers of a queue with a higher one come first at seats that serve several queues.
    `ring_timeout_s`: a telephone not picked up for so long has missed the call.
    `misses`: after so many misses in a row the seat is out of rotation, for `rest_s` (None: until it is ready again).
    `wrapup_s`: the longest time an operator has for the record before the next call.
    `max_waiting`, `max_expected_wait_s`: beyond these a caller leaves the line at once for the flow's overload exits.
    `max_wait_s`: whoever has waited so long goes back to the flow.
    `last_call_s`: so long before closing time, nobody is taken into the line who cannot be answered before it.
    `at_closing`: whoever still waits at closing time is served (`serve`), or goes back to the flow (`release`).
    `notices`: what is said in between the waiting music.
    """

    policy: PolicyName = "longest_idle"
    ring: int = Field(default=1, ge=1, le=100)
    sticky: bool = False
    priority: int = Field(default=0, ge=-9, le=9)
    ring_timeout_s: float = Field(default=20.0, gt=0)
    misses: int = Field(default=2, ge=1)
    rest_s: float | None = Field(default=60.0, gt=0)
    wrapup_s: float | None = Field(default=30.0, ge=0)
    max_waiting: int | None = Field(default=None, ge=0)
    max_expected_wait_s: float | None = Field(default=None, gt=0)
    max_wait_s: float | None = Field(default=None, gt=0)
    last_call_s: float = Field(default=0.0, ge=0)
    at_closing: Literal["serve", "release"] = "serve"
    notices: Notices | None = None
    callback: CallbackRules = CallbackRules()

    @cached_property
    def terms(self) -> QueueTerms:
        """The same for who reads it at every step."""
        return QueueTerms(self)

    @cached_property
    def limited(self) -> bool:
        """Whether there is anything for which this queue turns callers away while it has seats."""
        return (
            self.max_waiting is not None
            or self.max_expected_wait_s is not None
            or self.last_call_s > 0
            or self.at_closing == "release"
        )

    @cached_property
    def rings_many(self) -> bool:
        """Whether several telephones may ring for one caller."""
        return self.ring > 1 or self.policy == "ring_all"
