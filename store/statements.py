"""What the journal writer says to the database, in the order of one transaction.

A connection that breaks at COMMIT leaves open whether it came through: writing the same rows again must do no harm.
"""

from __future__ import annotations

from sqlalchemy import Executable, Table, Update, bindparam, update

from store.database import Database
from store.models import CALLBACKS, CALLS, JOURNAL, NOTICES


def statements(database: Database) -> tuple[Executable, ...]:
    """For: entries, records, late recordings, late messages, callbacks, notices."""
    return (
        _once(database, JOURNAL),
        _records(database),
        _late("recording"),
        _late("message"),
        _once(database, CALLBACKS),
        _once(database, NOTICES),
    )


def _once(database: Database, table: Table) -> Executable:
    return database.insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key))


def _records(database: Database) -> Executable:
    calls = database.insert(CALLS)
    values = {column.name: calls.excluded[column.name] for column in CALLS.c if not column.primary_key}
    return calls.on_conflict_do_update(index_elements=[CALLS.c.call], set_=values)


def _late(what: str) -> Update:
    of_call = update(CALLS).where(CALLS.c.call == bindparam("of_call"))
    return of_call.values({f"{what}_seconds": bindparam("seconds"), f"{what}_sha256": bindparam("sha256")})
