"""Ticket numbers as residents see, key in and say them: `YYMMDD-NNNNNN-C` with a Luhn check digit."""

import re

from dialogs.understanding.numerals import digits

_LENGTH = 13
_SEPARATORS = r" \t\-‐‑‒–—―−－_/.·杠"
_RUN = re.compile(rf"[0-9](?:[{_SEPARATORS}]*[0-9])*")
_GROUP = re.compile(r"[0-9]+")
_WRITTEN = re.compile(r"(?<![0-9])[0-9]{6}\s?-\s?[0-9]{4,7}(?:\s?-\s?[0-9]{1,2})?(?![0-9])")
_NAMED = re.compile(r"(?:编号|单号|号码|ticket|number)\D{0,6}([0-9][0-9 \-]{4,16}[0-9])")
_PHONE = re.compile(r"1[3-9][0-9]{9}|0[1-9][0-9]{8,10}")


def format_number(ticket_id: int) -> str:
    """Write the id, `int(YYMMDD) * 1_000_000 + sequence`, as `261123-000123-4`."""
    body = f"{ticket_id:012d}"
    return f"{body[:6]}-{body[6:]}-{_check_digit(body)}"


def parse_number(text: str) -> int | None:
    """Read the ticket id out of `text`, be it the number alone or a sentence around it.

    Hyphens are free, digits may be full-width or said (幺, 两, 〇). None when the check digit or the
    date cannot be right.
    """
    return find_number(text)


def find_number(text: str) -> int | None:
    """Return the first valid ticket number in `text` as its id."""
    for run in _RUN.finditer(digits(text)):
        for thirteen in _windows(_GROUP.findall(run[0])):
            if _is_dated(thirteen) and _check_digit(thirteen[:-1]) == int(thirteen[-1]):
                return int(thirteen[:-1])
    return None


def looks_like_number(text: str) -> bool:
    """Tell whether somebody tried to give a ticket number, but its length or check digit is wrong."""
    if find_number(text) is not None:
        return False
    written = digits(text)
    if _WRITTEN.search(written) or _NAMED.search(written):
        return True
    return any(_is_almost(re.sub(r"\D", "", run[0])) for run in _RUN.finditer(written))


def _is_almost(run: str) -> bool:
    return abs(len(run) - _LENGTH) <= 2 and _is_dated(run) and not _PHONE.fullmatch(run)  # noqa: PLR2004


def _windows(groups: list[str]) -> list[str]:
    """Return every stretch of neighbouring groups that makes up 13 digits."""
    stretches = (
        "".join(groups[first:last])
        for first in range(len(groups))
        for last in range(first + 1, min(len(groups), first + _LENGTH) + 1)
    )
    return [stretch for stretch in stretches if len(stretch) == _LENGTH]


def _is_dated(run: str) -> bool:
    return 1 <= int(run[2:4]) <= 12 and 1 <= int(run[4:6]) <= 31  # noqa: PLR2004 - months and days


def _check_digit(body: str) -> int:
    """Return the Luhn check digit (ISO/IEC 7812-1, annex B) of a string of digits."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004
    return -total % 10
