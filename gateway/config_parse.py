"""How settings are read that are more than a word or a number; each raises `ValueError` with what the setting should be."""

import re
from collections.abc import Mapping
from datetime import time
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers

from dialogs.words import Language

SECRET_LENGTH = 32
LOG_LEVELS = ("debug", "info", "warning", "error")
E164 = re.compile(r"\+[1-9]\d{6,14}")
TEMPLATE = re.compile(r"HX[0-9a-fA-F]{32}")
_TEMPLATE_NAME = re.compile(r"buttons[1-3]|list(?:[2-9]|10)")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")

NEVER: tuple[()] = ()
Networks = tuple[IPv4Network | IPv6Network, ...]
# RFC 1918, RFC 6598, RFC 4193: never this machine itself, nor a cloud's own addresses (169.254.0.0/16).
_INTRANETS = tuple(
    map(
        ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
Hours = tuple[time, time] | tuple[()]  # from when to when in a day; none at all


def templates(text: str) -> Mapping[str, str]:
    """Content templates by what they show: `buttons2=HX…,list4=HX…`."""
    pairs = [pair.strip().partition("=") for pair in text.split(",") if pair.strip()]
    found = {name.strip(): sid.strip() for name, _, sid in pairs}
    for name, sid in found.items():
        if _TEMPLATE_NAME.fullmatch(name) is None or TEMPLATE.fullmatch(sid) is None:
            raise ValueError("like buttons2=HX…,buttons3=HX…,list4=HX… (buttons1-3, list2-10)")
    return found


def hours(text: str) -> Hours:
    """From when to when in a day, over midnight too: `21:00-08:00`; `none` for never."""
    if text == "none":
        return NEVER
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("two times of a day like 21:00-08:00, or none")
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    return time(begin_hour, begin_minute), time(end_hour, end_minute)


def _address(value: str, schemes: tuple[str, ...], wanted: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError(wanted) from error
    if parts.scheme not in schemes or not (parts.netloc or parts.path.strip("/")):
        raise ValueError(wanted)
    return value


def database_url(value: str) -> str:
    """The address of PostgreSQL."""
    wanted = "an address like postgresql://user:password@host:5432/jiesu"
    return _address(value, ("postgresql", "postgres"), wanted)


def redis_url(value: str) -> str:
    """The address of Redis or Valkey."""
    wanted = "an address like redis://host:6379/0 (or rediss://, unix://)"
    return _address(value, ("redis", "rediss", "unix"), wanted)


def web_url(value: str) -> str:
    """An address of the web, without a slash at its end."""
    wanted = "an address like https://12345.example.gov.cn, without query or fragment"
    parts = urlsplit(_address(value, ("http", "https"), wanted))
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError(wanted)
    return value.rstrip("/")


def in_url(host: str) -> str:
    """A host as a browser on this machine can open it."""
    if host in ("0.0.0.0", "::", "*"):  # noqa: S104 - recognised, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def long_enough(value: str) -> str:
    """A secret."""
    if len(value) < SECRET_LENGTH:
        raise ValueError(f"at least {SECRET_LENGTH} characters that nobody can guess")
    return value


def timezone(value: str) -> ZoneInfo:
    """A time zone by its name."""
    if value not in available_timezones():
        raise ValueError("a name of the time zone database, like Asia/Shanghai")
    return ZoneInfo(value)


def region(value: str) -> str:
    """A country, as phone numbers know it."""
    if value not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("two capital letters of ISO 3166, like CN")
    return value


def languages(value: str) -> tuple[Language, ...]:
    """Languages, each once."""
    try:
        return tuple(dict.fromkeys(Language(each.strip()) for each in value.split(",")))
    except ValueError as error:
        raise ValueError(f"some of {','.join(Language)}, with commas between") from error


def phones(value: str) -> tuple[str, ...]:
    """Phone numbers with commas between."""
    numbers = tuple(each.strip() for each in value.split(",") if each.strip())
    if not all(E164.fullmatch(number) for number in numbers):
        raise ValueError("numbers like +8613800138000, with commas between")
    return numbers


def networks(value: str) -> Networks:
    """Networks of an intranet, with commas between."""
    wanted = "networks of an intranet like 10.20.0.0/16,172.16.8.0/24, with commas between"
    try:
        found = tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
    except ValueError as error:
        raise ValueError(wanted) from error
    if not all(any(_lies_in(one, intranet) for intranet in _INTRANETS) for one in found):
        raise ValueError(wanted)
    return found


def _lies_in(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    same = one.version == other.version
    return same and one[0] in other and one[-1] in other


def yes_or_no(value: str) -> bool:
    """Yes or no."""
    if value.lower() not in ("yes", "no"):
        raise ValueError("yes or no")
    return value.lower() == "yes"


def log_level(value: str) -> str:
    """From which level on there are logs."""
    if value.lower() not in LOG_LEVELS:
        raise ValueError(f"one of {', '.join(LOG_LEVELS)}")
    return value.lower()
