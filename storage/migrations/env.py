"""Run by Alembic for `storage.migrate`, which opens the connection and begins the transaction."""

from alembic import context
from sqlalchemy import Connection

from storage.migrate import autogenerate_options

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, **autogenerate_options(connection))
with context.begin_transaction():
    context.run_migrations()
