"""What the journal writer says to the database, in the order of one transaction.

A connection that breaks at COMMIT leaves open whether it came through: writing the same rows again must do no harm.
"""

from __future__ import annotations

from sqlalchemy import Delete, Executable, Table, Update, bindparam, case, delete, func, update

from calls.lifecycle import Outcome, State
from store.database import Database
from store.models import CALLBACKS, CALLS, JOURNAL, NOTICES, SEAT_ACTIVITY, TALKS


def statements(database: Database) -> tuple[Executable, ...]:
    """For the rows that `BatchRows` makes of a batch, in the same order."""
    return (
        _once(database, JOURNAL),
        _newest(database, CALLS),
        _talks_gone(),
        _newest(database, TALKS),
        _newest(database, SEAT_ACTIVITY),
        _late_file("recording"),
        _late_file("message"),
        _late_class(),
        _forgotten_call(),
        _forgotten_talk(),
        _once(database, CALLBACKS),
        _callback_state(),
        _once(database, NOTICES),
    )


def _once(database: Database, table: Table) -> Executable:
    return database.insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key))


def _newest(database: Database, table: Table) -> Executable:
    rows = database.insert(table)
    values = {column.name: rows.excluded[column.name] for column in table.c if not column.primary_key}
    return rows.on_conflict_do_update(index_elements=list(table.primary_key), set_=values)


def _talks_gone() -> Delete:
    """An adopted call begins its record anew, mostly with fewer talks than a lost memory knew of."""
    return delete(TALKS).where(TALKS.c.call == bindparam("of_call"))


def _late_file(what: str) -> Update:
    return _of_call().values({f"{what}_seconds": bindparam("seconds"), f"{what}_sha256": bindparam("sha256")})


def _late_class() -> Update:
    return _of_call().values(inquiry_class=bindparam("name"))


def _forgotten_call() -> Update:
    nobody_knows = case((CALLS.c.outcome == "", Outcome.LOST_SYSTEM.value), else_=CALLS.c.outcome)
    return (
        _of_call()
        .where(CALLS.c.state != State.CLOSED.value)
        .values(
            state=State.CLOSED.value,
            outcome=nobody_knows,
            ended_at=func.coalesce(CALLS.c.ended_at, bindparam("at")),
            closed_at=bindparam("at"),
            lost_at=bindparam("at"),
        )
    )


def _forgotten_talk() -> Update:
    open_talk = update(TALKS).where(TALKS.c.call == bindparam("of_call"), TALKS.c.ended.is_(None))
    return open_talk.values(ended=bindparam("at"))


def _of_call() -> Update:
    return update(CALLS).where(CALLS.c.call == bindparam("of_call"))


def _callback_state() -> Update:
    callback = update(CALLBACKS).where(CALLBACKS.c.callback == bindparam("of_callback"))
    return callback.values(
        state=bindparam("now"), serving=bindparam("by"), tries=bindparam("dialled"), due=bindparam("again_at")
    )
