"""Updates as Telegram posts them, one shape each, for tests."""

from typing import Any

CHAT = 700100200
JSON = dict[str, Any]

LI = {
    "id": CHAT,
    "is_bot": False,
    "first_name": "李",
    "last_name": "雷",
    "username": "lilei",
    "language_code": "zh-hans",
}
PRIVATE = {
    "id": CHAT,
    "first_name": "李",
    "last_name": "雷",
    "username": "lilei",
    "type": "private",
}
GROUP = {"id": -1001234567890, "title": "小区群", "type": "supergroup"}


def message(message_id: int = 17, sender: JSON | None = LI, **fields: object) -> JSON:
    """A private message; None takes a field away."""
    body = {"message_id": message_id, "from": sender, "chat": PRIVATE, "date": 1795400000}
    return {"update_id": 10001, "message": _present(body | fields)}


def edited(message_id: int = 17, edit_date: int = 1795400060, **fields: object) -> JSON:
    """A private message that was changed."""
    update = message(message_id, LI, edit_date=edit_date, **fields)
    return {"update_id": 10002, "edited_message": update["message"]}


def pressed(data: str | None, **fields: object) -> JSON:
    """A button on message 16."""
    hung_on = {
        "message_id": 16,
        "from": {"id": 99, "is_bot": True, "first_name": "12345", "username": "jiesu_bot"},
        "chat": PRIVATE,
        "date": 1795399990,
        "text": "对吗？",
        "reply_markup": {"inline_keyboard": [[{"text": "对", "callback_data": data}]]},
    }
    query = {
        "id": "4382bfdwdsb323b2d9",
        "from": LI,
        "message": hung_on,
        "chat_instance": "-3",
        "data": data,
    } | fields
    return {"update_id": 10003, "callback_query": _present(query)}


def member(status: str, chat: JSON = PRIVATE) -> JSON:
    """What became of the bot in a chat."""
    bot = {"id": 99, "is_bot": True, "first_name": "12345", "username": "jiesu_bot"}
    change = {
        "chat": chat,
        "from": LI,
        "date": 1795400000,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": status, "until_date": 0},
    }
    return {"update_id": 10004, "my_chat_member": change}


def photo(*sizes: int) -> list[JSON]:
    """A picture in several sizes, the largest last."""
    return [
        {
            "file_id": f"AgAC-{n}",
            "file_unique_id": f"u{n}",
            "width": n,
            "height": n,
            "file_size": n,
        }
        for n in sizes
    ]


def file(file_id: str, **fields: object) -> JSON:
    """Any other file."""
    return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": 4096} | fields


def _present(fields: JSON) -> JSON:
    return {name: value for name, value in fields.items() if value is not None}
