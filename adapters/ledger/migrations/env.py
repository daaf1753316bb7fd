"""What Alembic runs: the steps that are missing, on the connection that opened the ledger."""

from alembic import context

from adapters.ledger.models import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
