"""Alembic's migrations: one head, plain SQL."""
