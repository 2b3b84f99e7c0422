"""The journal, and the records folded from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make both tables."""
    _journal()
    _calls()


def downgrade() -> None:
    """Take both tables away, with all that is in them."""
    op.drop_table("calls")
    op.drop_table("journal")


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("commands", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name="pk_journal"),
        sqlite_with_rowid=False,
    )
    first = sa.text("number = 1")
    op.create_index("ix_journal_runs", "journal", ["at"], sqlite_where=first, postgresql_where=first)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("leg", "project", "number", "caller")),
        sa.Column("arrived_at", sa.Double(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("queued_at", "left_line_at")),
        sa.Column("offers", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("rang_at", "answered_at")),
        sa.Column("seat", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("ended_at", "closed_at")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "outcome", "heard", "keys")),
        sa.Column("recording_seconds", sa.Double()),
        sa.Column("recording_sha256", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("jitter_ms", "loss_percent", "rtt_ms")),
        sa.PrimaryKeyConstraint("call", name="pk_calls"),
    )
    op.create_index("ix_calls_project_arrived_at", "calls", ["project", "arrived_at"])
