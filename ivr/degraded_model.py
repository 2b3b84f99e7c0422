"""What callers of a project get while the engine is away and Asterisk serves them alone."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_OUTSIDE = re.compile(r"^0[0-9]{8,10}$")


def _outside(number: str) -> str:
    digits = re.sub(r"[-() ]", "", number)
    if not _OUTSIDE.match(digits):
        raise ValueError("a telephone number is written in its national form, like 048-123-4567")
    return digits


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Said = Annotated[tuple[str, ...], BeforeValidator(_listed, json_schema_input_type=str | list[str])]


class Degraded(BaseModel):
    """What callers get while the engine is away and Asterisk serves them alone.

    `open`: within the hours, the seats that were logged in last are rung (`seats`), the `backup` number is dialled
    (`backup`), or only the text `sorry` is said (`announce`). `backup`: a number outside that takes the calls; with
    `open: seats`, those that nobody answered. `max_wait_s`: so long (seconds) the seats are rung, with music. `queue`:
    the line in which whoever still waits keeps his place when the engine is back (left out: the project's first).
    `notice`: the texts said before the seats are rung (left out: those that the flow begins with). `closed`: the texts
    said outside the hours (left out: those of the flow). `sorry`: the texts said where nobody can be reached (left
    out: one of the house's own).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    open: Literal["seats", "backup", "announce"] = "seats"
    backup: Annotated[str, AfterValidator(_outside)] | None = None
    max_wait_s: int = Field(default=300, ge=10, le=7200)
    queue: str | None = None
    notice: Said | None = None
    closed: Said | None = None
    sorry: Said | None = None

    def texts(self) -> dict[str, tuple[str, ...]]:
        """The guidance ids that are named here, by the field that names them."""
        named = {"notice": self.notice, "closed": self.closed, "sorry": self.sorry}
        return {field: texts for field, texts in named.items() if texts is not None}
