"""Begin: everything that the closed loop keeps.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create all tables."""
    op.get_bind().exec_driver_sql(Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    """Drop everything: only a fresh start comes before this one."""
    op.get_bind().exec_driver_sql("drop schema public cascade; create schema public")
