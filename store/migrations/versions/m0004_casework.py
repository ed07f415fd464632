"""Casework: rules, catalogue drafts, units from inside, applications, whistles, coordination, surges.

Revision ID: 0004
Revises: 0003
"""

from pathlib import Path

from store.migrate import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables and columns; processes of the version before go on beside them."""
    run_script(Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    """Take them away again."""
    run_script(Path(__file__).with_suffix(".down.sql").read_text("utf-8"))
