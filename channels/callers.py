"""Who is on the phone: a number, or nobody we could call back; and where the conversation of that number is kept."""

import re
from collections.abc import Mapping
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

from channels import phone

VOICE, SMS = "voice", "sms"  # the channels that a number's conversation may be kept under
HIDDEN = re.compile(r"hidden-[A-Za-z0-9]{1,64}")
HIDDEN_SHOWN = "号码隐藏"

# What stands for a caller without a number: letters as a phone has them (ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN,
# UNAVAILABLE). https://help.twilio.com/articles/223179988
_NOBODY = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
# An unknown type may well be a mobile: the list of those in use is older than the youngest of them.
_TEXTLESS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.PAGER,
        PhoneNumberType.VOICEMAIL,
    }
)


def on_call(form: Mapping[str, str], region: str) -> tuple[str, str]:
    """The resident's address and our number, of a call either way."""
    ours, theirs = form.get("To", ""), form.get("From", "")
    if form.get("Direction", "").startswith("outbound"):
        ours, theirs = theirs, ours
    address = None if theirs in _NOBODY else phone.normalise(theirs, region)
    return address or f"hidden-{form.get('CallSid', '')}", phone.normalise(ours, region) or ours


def normalise(raw: str, region: str) -> str | None:
    """E.164, or the name of a caller without a number; None for anything else."""
    return raw if HIDDEN.fullmatch(raw) else phone.normalise(raw, region)


def mask(address: str) -> str:
    """A number with its middle hidden."""
    return HIDDEN_SHOWN if is_hidden(address) else phone.mask(address)


def prefix(address: str) -> str:
    """The block of numbers that it belongs to; hidden ones are all one."""
    return "hidden" if is_hidden(address) else phone.prefix(address)


def number(address: str) -> str | None:
    """The number itself, None where it is hidden."""
    return None if is_hidden(address) else address


def home(address: str) -> str:
    """The channel whose conversation a call belongs to: the texts of its number where that takes some."""
    return SMS if not is_hidden(address) and takes_texts(address) else VOICE


def is_hidden(address: str) -> bool:
    """Whether nobody can be called back there."""
    return address.startswith("hidden-")


@lru_cache(maxsize=65_536)
def takes_texts(address: str) -> bool:
    """Whether an E.164 number may take SMS: a land line does not."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(address))
    except phonenumbers.NumberParseException:
        return False
    return kind not in _TEXTLESS
