"""Run by alembic for each of its commands; `store.migrations.configuration` hands the connection over."""

from __future__ import annotations

from alembic import context

from store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
