"""Begin: everything that the closed loop keeps.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from store.migrate import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    run_script(Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    """Drop everything: only a fresh start comes before this one."""
    run_script("drop schema public cascade; create schema public")
