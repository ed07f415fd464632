"""Statements that write many rows at once, put together from names and types."""

import re
from collections.abc import Sequence

PARAMETER = re.compile(r"\$(\d+)::")


def insert_statement(
    table: str, columns: Sequence[str], types: Sequence[str], more: str = ""
) -> str:
    """An insert of many rows, a parameter a column; `more` adds constant columns as `name = value` pairs."""
    names = list(columns)
    values = [f"c{i}" for i in range(len(names))]
    for pair in filter(None, more.split(",")):
        name, value = pair.split("=")
        names.append(name.strip())
        values.append(value.strip())
    arrays = ", ".join(f"${i}::{kind}[]" for i, kind in enumerate(types, start=1))
    aliases = ", ".join(f"c{i}" for i in range(len(columns)))
    return (
        f"insert into {table} ({', '.join(names)}) "
        f"select {', '.join(values)} from unnest({arrays}) as t ({aliases})"
    )


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
