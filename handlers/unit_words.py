"""What a unit may write back to a message of ours: 签收, 报到, 意见, 进展, with the short number of the ticket; 1 for the last.

What people write besides is known too, so that 收到 does not become a complaint, and 办结 is told where it is done.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dialogs.ticket_number import parse_number

CODE_DIGITS = 4
BINDING_DIGITS = 8
_COMMAND = re.compile(
    r"(签收|报到|意见|进展)[\s:,.、。]*((?:\d{6}-?\d{6}-?\d|\d{4})(?!\d))?[\s:,.、。]*(.*)",
    re.DOTALL,
)
_BINDING = re.compile(r"绑定\s*(\d{8})")
_BETWEEN = " :,.、。\n"  # behind the command's word, where it is told from the rest
_NODDED = re.compile(
    r"(?:收到|好的?|知道了|明白了?|了解|可以|行|嗯+|ok|谢谢|辛苦了?)(?:[,.!。！、~\s].{0,12}|[了啦哈吧]?)[。!！]?",
    re.IGNORECASE,
)
_NOT_BY_TEXT = re.compile(
    r"(?:办结|办完了?|已办结|退单|申请退单|延期|挂账|吹哨)(?:[\s:,.、。\d].*)?", re.DOTALL
)
_ON_THE_SPOT = re.compile(r"(?:已?到)?现场")
_ON_LINE = re.compile(r"线上|在线|网上")


class Want(StrEnum):
    """What a unit wants to be done."""

    SIGN = "签收"
    REPORT_IN = "报到"
    OPINION = "意见"
    PROGRESS = "进展"
    NEXT = "1"  # whatever the last message asks for
    CONFIRM = "确认"  # that this number is the unit's
    BIND = "绑定"  # this chat to the contact that waits for its code
    NOD = "收到"  # nothing: they have read it
    ELSEWHERE = "办结"  # what a text cannot do, for its sender can be forged


@dataclass(frozen=True, slots=True)
class Command:
    """What was written. `code` is the end of a ticket's number, `ticket_id` the whole; neither: the last message's."""

    want: Want
    code: str = ""
    ticket_id: int | None = None
    text: str = ""
    on_the_spot: bool = False
    plain: bool = field(
        default=False, compare=False
    )  # its word stands apart, so that no resident's sentence reads like it

    @property
    def named(self) -> bool:
        """Whether it says what it is about, or is so plain that nobody could mean anything else by it."""
        return self.plain or bool(self.code or self.ticket_id)


def parse(text: str) -> Command | None:
    """Read one message; None for whatever else somebody may write to the city."""
    said = text.strip()
    tidy = unicodedata.normalize("NFKC", said)
    if tidy in (Want.NEXT, Want.CONFIRM):
        return Command(Want(tidy))
    binding = _BINDING.fullmatch(tidy)
    if binding is not None:
        return Command(Want.BIND, binding[1])
    found = _COMMAND.fullmatch(tidy)
    if found is None:
        return _said_besides(tidy)
    want, number, rest = Want(found[1]), found[2] or "", found[3].strip()
    if rest and len(said) == len(tidy):  # as it was written, with its own commas
        rest = said[found.start(3) :].strip()
    ticket_id = parse_number(number) if len(number) > CODE_DIGITS else None
    code = number if ticket_id is None else ""
    plain = not rest or tidy[len(want) : len(want) + 1] in _BETWEEN
    return _fitting(Command(want, code, ticket_id, rest, plain=plain))


def _said_besides(tidy: str) -> Command | None:
    if _NODDED.fullmatch(tidy):
        return Command(Want.NOD)
    return Command(Want.ELSEWHERE) if _NOT_BY_TEXT.fullmatch(tidy) else None


def _fitting(command: Command) -> Command | None:
    """An opinion or progress needs words, signing has none, and whoever reports in may say how."""
    rest = command.text
    match command.want:
        case Want.SIGN:
            return command if not rest else None
        case Want.REPORT_IN:
            if _ON_THE_SPOT.fullmatch(rest):
                return replace(command, text="", on_the_spot=True, plain=True)
            return command if not rest or _ON_LINE.fullmatch(rest) else None
        case _:
            return command if rest else None


def code_of(ticket_id: int) -> str:
    """What a message names a ticket by: the last digits of the day's sequence."""
    return f"{ticket_id % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
