"""Who talked when, what each seat did, calls of our own, and what has become of callbacks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

# The defaults are for the rows that are there: calls of callers, of which nothing of this is known.
_CALLS: tuple[tuple[str, sa.types.TypeEngine[Any], str], ...] = (
    ("direction", sa.Text(), "'in'"),
    ("operator", sa.Text(), "''"),
    ("hold_seconds", sa.Double(), "0"),
    ("inquiry_class", sa.Text(), "''"),
    ("transfers", sa.Text(), "'[]'"),
    ("callback", sa.Text(), "''"),
)


def upgrade() -> None:
    """Add columns to calls and callbacks, and two tables."""
    with op.batch_alter_table("calls") as calls:
        for name, kind, default in _CALLS:
            calls.add_column(sa.Column(name, kind, nullable=False, server_default=sa.text(default)))
    with op.batch_alter_table("callbacks") as callbacks:
        callbacks.add_column(sa.Column("tries", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
        callbacks.add_column(sa.Column("due", sa.Double()))
        callbacks.add_column(sa.Column("serving", sa.Text(), nullable=False, server_default=sa.text("''")))
    _talks()
    _seat_activity()


def downgrade() -> None:
    """Take them away, with all that is in them."""
    op.drop_table("seat_activity")
    op.drop_table("talks")
    with op.batch_alter_table("callbacks") as callbacks:
        for name in ("serving", "due", "tries"):
            callbacks.drop_column(name)
    with op.batch_alter_table("calls") as calls:
        for name, _kind, _default in reversed(_CALLS):
            calls.drop_column(name)


def _talks() -> None:
    op.create_table(
        "talks",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("who", "role")),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("ended", sa.Double()),
        sa.PrimaryKeyConstraint("call", "number", name="pk_talks"),
    )


def _seat_activity() -> None:
    op.create_table(
        "seat_activity",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("run", "seat")),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("operator", "state")),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("ended", sa.Double()),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("call", "reason")),
        sa.PrimaryKeyConstraint("run", "seat", "number", name="pk_seat_activity"),
    )
    op.create_index("ix_seat_activity_ended", "seat_activity", ["ended"])
    op.create_index("ix_seat_activity_call", "seat_activity", ["call"])
