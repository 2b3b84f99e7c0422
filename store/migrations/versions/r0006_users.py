"""Who may log in to the monitor, for which projects, and who is logged in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    """Add three tables."""
    op.create_table(
        "users",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "name", "password")),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("created_at", "changed_at")),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "user_grants",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("user_id", "project", "role")),
        sa.PrimaryKeyConstraint("user_id", "project", name="pk_user_grants"),
    )
    op.create_table(
        "user_sessions",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("digest", "user_id", "csrf")),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("changed_at", "opened_at")),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("seen_at", "ends_at")),
        sa.PrimaryKeyConstraint("digest", name="pk_user_sessions"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"])


def downgrade() -> None:
    """Take them away, with all that is in them."""
    for table in ("user_sessions", "user_grants", "users"):
        op.drop_table(table)
