"""Texts on their way to gateways: what is due, and what has become of it.

A text that was sent or given up is forgotten at once; its row stays, so that it is not sent a second time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Row, func, select, update

from store.database import WRITING, Database
from store.errand_rows import WAITING
from store.models import NOTICES

SENT, FAILED = "sent", "failed"


class Notice(NamedTuple):
    """A text that waits. `tries`: how often its gateway has refused it; `asked_at`: seconds since 1970 UTC."""

    id: str
    project: str
    to: str
    text: str
    asked_at: float
    tries: int

    def __repr__(self) -> str:
        return f"Notice({self.id!r})"  # neither the number nor the text


async def due_notices(database: Database, gateway: str, now: float, most: int) -> list[Notice]:
    """The texts for a gateway that may be tried now, the oldest first, `most` at the most."""
    mine = _waiting_for(gateway)
    query = (
        select(NOTICES).where(*mine, NOTICES.c.next_at <= now).order_by(NOTICES.c.asked_at, NOTICES.c.notice)
    )
    async with database.engine.connect() as connection:
        return [_notice(row) for row in await connection.execute(query.limit(most))]


async def next_due(database: Database, gateway: str) -> float | None:
    """When the next text for a gateway may be tried (seconds since 1970 UTC); None if none waits."""
    async with database.engine.connect() as connection:
        return await connection.scalar(select(func.min(NOTICES.c.next_at)).where(*_waiting_for(gateway)))


async def settle_notice(database: Database, notice: str, state: str) -> None:
    """A text was sent (`SENT`) or is given up (`FAILED`)."""
    await _update(database, notice, state=state, recipient="", text="", tries=NOTICES.c.tries + 1)


async def postpone_notice(database: Database, notice: str, until: float) -> None:
    """A text was refused for now; try it again at `until`."""
    await _update(database, notice, next_at=until, tries=NOTICES.c.tries + 1)


async def _update(database: Database, notice: str, **values: Any) -> None:
    async with database.engine.execution_options(**WRITING).begin() as connection:
        await connection.execute(update(NOTICES).where(NOTICES.c.notice == notice).values(**values))


def _waiting_for(gateway: str) -> tuple[Any, Any]:
    return NOTICES.c.state == WAITING, NOTICES.c.gateway == gateway


def _notice(row: Row[Any]) -> Notice:
    return Notice(row.notice, row.project, row.recipient, row.text, row.asked_at, row.tries)
