"""What SMS, voice and WhatsApp share of phone numbers: one spelling, a masked one, and the block they belong to."""

from functools import lru_cache

import phonenumbers

LEAST_HIDDEN = 2  # digits of a number that is shown in part


@lru_cache(maxsize=65_536)
def normalise(raw: str, region: str) -> str | None:
    """E.164, or None for what nobody can be answered at: short codes, names, extensions.

    Any possible number will do: the list of those in use is older than the youngest of them.
    """
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE or number.extension:
        return None
    if any(c.isalpha() for c in raw):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask(address: str) -> str:
    """+8613812345678 as +86138****5678; what is too short for that shows its last two digits."""
    start = _national_start(address) + 3
    if len(address) < start + LEAST_HIDDEN + 4:
        return f"****{address[-2:]}"
    return f"{address[:start]}****{address[-4:]}"


def prefix(address: str) -> str:
    """The country code and the first seven digits: one operator's block of numbers."""
    return address[: _national_start(address) + 7]


@lru_cache(maxsize=65_536)
def _national_start(address: str) -> int:
    """How many characters of an E.164 number come before its national part."""
    try:
        return len(str(phonenumbers.parse(address).country_code)) + 1
    except phonenumbers.NumberParseException:
        return 1
