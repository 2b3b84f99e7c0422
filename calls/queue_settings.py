"""How one queue treats its callers and its seats: shared by the flow (which names it) and the line (which obeys it)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class QueueSettings(BaseModel):
    """Settings of one queue; all times in seconds, None meaning without limit.

    `ring_timeout_s`: a telephone not picked up for so long has missed the call.
    `misses`: after so many misses in a row the seat is out of rotation, for `rest_s`.
    `wrapup_s`: the longest time an operator has for the record before the next call.
    `max_waiting`, `max_wait_s`: beyond these a caller leaves the line again for the flow's overload exit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ring_timeout_s: float = Field(default=20.0, gt=0)
    misses: int = Field(default=2, ge=1)
    rest_s: float = Field(default=60.0, gt=0)
    wrapup_s: float | None = Field(default=30.0, ge=0)
    max_waiting: int | None = Field(default=None, ge=0)
    max_wait_s: float | None = Field(default=None, gt=0)
