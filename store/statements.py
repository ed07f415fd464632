"""Statements that write many rows at once, put together from names and types."""

import re
from collections.abc import Mapping, Sequence

import msgspec

PARAMETER = re.compile(r"\$(\d+)::")

# One JSON text a table is cheaper to make than an array a column: asyncpg looks at every element of an array twice.
ROWS = "jsonb_array_elements($1::jsonb) as r (v)"
encode_rows = msgspec.json.Encoder().encode


def insert_statement(
    table: str, columns: Sequence[str], types: Sequence[str], more: Mapping[str, str] | None = None
) -> str:
    """An insert of many rows that come as one JSON array of arrays; `more` are columns with a constant."""
    constants = more or {}
    names = ", ".join([*columns, *constants])
    values = ", ".join([*_cells(types), *constants.values()])
    return f"insert into {table} ({names}) select {values} from {ROWS}"


def rows_as(name: str, columns: Sequence[str], types: Sequence[str]) -> str:
    """The rows of one JSON array of arrays as a table `name`, for the `from` of a statement."""
    cells = ", ".join(
        f"{cell} as {column}" for cell, column in zip(_cells(types), columns, strict=True)
    )
    return f"(select {cells} from {ROWS}) {name}"


def _cells(types: Sequence[str]) -> list[str]:
    """Each place of a row in its type; bytes travel as base64."""
    return [_cell(place, kind) for place, kind in enumerate(types)]


def _cell(place: int, kind: str) -> str:
    match kind:
        case "bytea":
            return f"decode(v ->> {place}, 'base64')"
        case "int[]":
            return f"array(select jsonb_array_elements_text(v -> {place})::int)"
        case _:
            return f"(v ->> {place})::{kind}"


def in_one(statements: Sequence[str]) -> str:
    """Several inserts as one statement, their parameters one after another; foreign keys are checked at its end."""
    parts: list[str] = []
    used = 0
    for statement in statements:
        numbers = {int(number) for number in PARAMETER.findall(statement)}
        # The highest first, so that none is renumbered twice.
        part = statement
        for number in sorted(numbers, reverse=True):
            part = part.replace(f"${number}::", f"${number + used}::")
        parts.append(part)
        used += len(numbers)
    heads = ", ".join(f"part{i} as ({part})" for i, part in enumerate(parts[:-1]))
    return f"with {heads} {parts[-1]}"
