"""How settings with a grammar of their own are read; each raises `ValueError` with what the setting should be."""

import re
from collections.abc import Mapping
from datetime import time

TEMPLATE = re.compile(r"HX[0-9a-fA-F]{32}")
_TEMPLATE_NAME = re.compile(r"buttons[1-3]|list(?:[2-9]|10)")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")

NEVER: tuple[()] = ()
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
