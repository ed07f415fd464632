"""A table as a file: spreadsheets read it as UTF-8, and nothing in it is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from aiohttp import web

from gateway.templating import PAGE_HEADERS

# What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t")


def table_file(rows: Iterable[Sequence[str]], name: str) -> web.Response:
    """The rows as a download."""
    out = io.StringIO()
    csv.writer(out).writerows([_plain(cell) for cell in row] for row in rows)
    headers = {**PAGE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    body = out.getvalue().encode("utf-8-sig")
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
