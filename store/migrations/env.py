"""What Alembic runs: the migrations, over the connection that store/migrate.py holds the lock on."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transaction_per_migration=False
)
with context.begin_transaction():
    context.run_migrations()
