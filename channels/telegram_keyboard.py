"""Choices as Telegram shows them: buttons on the message, or in place of the keyboard where something is to be shared."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from channels.telegram_update import callback_data
from dialogs.said import Reply
from dialogs.words import Language

if TYPE_CHECKING:
    from channels.telegram_api import Markup

SHARE_CONTACT = {Language.CHINESE: "📱 分享手机号", Language.ENGLISH: "📱 Share my number"}
SHARE_PLACE = {Language.CHINESE: "📍 发送位置", Language.ENGLISH: "📍 Send my location"}
MOST_IN_ROW = 3
ROW_WIDTH = 24  # letters that fit beside each other on a small phone; a Chinese character takes two


def rows(labels: Sequence[str]) -> list[range]:
    """Which labels stand beside each other: one to three a row, as many as the longest lets."""
    longest = max(map(_width, labels), default=0)
    beside = max(1, min(MOST_IN_ROW, ROW_WIDTH // max(longest, 1)))
    return [range(at, min(at + beside, len(labels))) for at in range(0, len(labels), beside)]


def markup(reply: Reply) -> "Markup":
    """What hangs on the last part of a message; a keyboard of an earlier one is taken away."""
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardRemove

    if reply.contact or (reply.place and not reply.choices):
        return _sharing(reply)
    if not reply.choices:
        return ReplyKeyboardRemove()
    buttons = [
        InlineKeyboardButton(
            choice.label, callback_data=callback_data(reply.prompt, choice.id, place)
        )
        for place, choice in enumerate(reply.choices, 1)
    ]
    return InlineKeyboardMarkup([[buttons[at] for at in row] for row in _rows(reply)])


def _sharing(reply: Reply) -> "Markup":
    """Only buttons in place of the keyboard can share something; what else is on them is written when pressed."""
    from telegram import KeyboardButton, ReplyKeyboardMarkup

    shared = []
    if reply.contact:
        shared.append([KeyboardButton(SHARE_CONTACT[reply.language], request_contact=True)])
    if reply.place:
        shared.append([KeyboardButton(SHARE_PLACE[reply.language], request_location=True)])
    others = [[KeyboardButton(reply.choices[at].label) for at in row] for row in _rows(reply)]
    return ReplyKeyboardMarkup([*shared, *others], resize_keyboard=True, one_time_keyboard=True)


def _rows(reply: Reply) -> list[range]:
    return rows([choice.label for choice in reply.choices])


def _width(label: str) -> int:
    return sum(2 if character > "\u2e80" else 1 for character in label) + 1
