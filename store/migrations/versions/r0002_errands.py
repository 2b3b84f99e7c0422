"""Transfers and messages in the records; callbacks that were asked for; texts on their way to a gateway."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    """Add three columns and two tables."""
    with op.batch_alter_table("calls") as calls:
        # The default is for the rows that are there: their calls knew none of this.
        calls.add_column(sa.Column("transferred_to", sa.Text(), nullable=False, server_default=sa.text("''")))
        calls.add_column(sa.Column("message_seconds", sa.Double()))
        calls.add_column(sa.Column("message_sha256", sa.Text(), nullable=False, server_default=sa.text("''")))
    _callbacks()
    _notices()


def downgrade() -> None:
    """Take them away, with all that is in them."""
    op.drop_table("notices")
    op.drop_table("callbacks")
    with op.batch_alter_table("calls") as calls:
        for name in ("message_sha256", "message_seconds", "transferred_to"):
            calls.drop_column(name)


def _callbacks() -> None:
    op.create_table(
        "callbacks",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("callback", "call", "project", "queue", "number")
        ),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("callback", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_state_asked_at", "callbacks", ["state", "asked_at"])


def _notices() -> None:
    op.create_table(
        "notices",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("notice", "call", "project", "gateway", "recipient", "text")
        ),
        sa.Column("asked_at", sa.Double(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("notice", name="pk_notices"),
    )
    op.create_index("ix_notices_state_gateway_next_at", "notices", ["state", "gateway", "next_at"])
