"""The outlines that shared locations are looked up in: the operator's own, and an extra's where those lack a district."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from asyncpg import Record

from dialogs.catalogue import Catalogue
from store.catalogue.outlines import installed_outlines

if TYPE_CHECKING:
    from dialogs.understanding.pins import Boundaries

# Assumed from its vertices, which lie one to two kilometres apart; 18 of 19 points tried by hand were right.
EXTRA_SLACK_METERS = 300.0


def boundaries_of(drawn: Sequence[Record], catalogue: Catalogue) -> "Boundaries | None":
    """None where no outline is known at all."""
    own = {row["code"] for row in drawn}
    lacking = {district.code for district in catalogue.districts} - own
    installed = installed_outlines(lacking)
    if not drawn and not installed:
        return None
    from dialogs.understanding.pins import (  # noqa: PLC0415 - geometry takes a fifth of a second to load
        Boundaries,
        Outline,
    )

    outlines = [Outline(row["code"], row["geojson"]) for row in drawn]
    outlines += [Outline(code, shape, EXTRA_SLACK_METERS) for code, shape in installed]
    return Boundaries(catalogue, outlines)
