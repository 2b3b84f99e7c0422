"""When the system cut a call off, and an index that finds those few."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    """Add the column; of calls that are there nothing of this is known."""
    with op.batch_alter_table("calls") as calls:
        calls.add_column(sa.Column("lost_at", sa.Double()))
        calls.create_index("ix_calls_lost_at", ["lost_at"])


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("calls") as calls:
        calls.drop_index("ix_calls_lost_at")
        calls.drop_column("lost_at")
