"""A small index on the orders given by hand, so that a start finds them in a journal of millions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

_OVERRIDES = sa.text("event_type = 'HoursOverridden'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_journal_overrides", "journal", ["at"], sqlite_where=_OVERRIDES, postgresql_where=_OVERRIDES
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_journal_overrides", "journal")
