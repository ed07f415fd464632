"""Understand: what the dialog that understands keeps.

Revision ID: 0002
Revises: 0001
"""

from pathlib import Path

from store.migrate import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; processes of the version before go on beside them."""
    run_script(Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    """Take them away again."""
    run_script(Path(__file__).with_suffix(".down.sql").read_text("utf-8"))
