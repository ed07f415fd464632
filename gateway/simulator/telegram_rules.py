"""What Telegram refuses in a call of its Bot API, in its own words: https://core.telegram.org/bots/api."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

JSON = dict[str, Any]
MOST_UNITS = 4096
MOST_DATA_BYTES = 64
MOST_IN_ROW = 8
MOST_BUTTONS = 100
MOST_COMMANDS = 100
MOST_DESCRIPTION = 512

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_TAG = re.compile(r"</?([a-z-]+)(?: [^<>]*)?>")
_HTML_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"}
)
UPDATE_KINDS = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post", "inline_query"),
        *("callback_query", "my_chat_member", "chat_member", "message_reaction", "poll"),
    }
)

# The parameters of each method that is stood in for; any other is complained of.
PARAMETERS: Mapping[str, frozenset[str]] = {
    "getMe": frozenset(),
    "setWebhook": frozenset(
        {
            *("url", "ip_address", "max_connections", "allowed_updates"),
            *("drop_pending_updates", "secret_token"),
        }
    ),
    "getWebhookInfo": frozenset(),
    "deleteWebhook": frozenset({"drop_pending_updates"}),
    "setMyCommands": frozenset({"commands", "scope", "language_code"}),
    "getMyCommands": frozenset({"scope", "language_code"}),
    "setMyDescription": frozenset({"description", "language_code"}),
    "setMyShortDescription": frozenset({"short_description", "language_code"}),
    "sendMessage": frozenset(
        {
            *("chat_id", "text", "parse_mode", "entities", "link_preview_options"),
            *("disable_notification", "protect_content", "reply_parameters", "reply_markup"),
        }
    ),
    "editMessageText": frozenset(
        {"chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"}
    ),
    "editMessageReplyMarkup": frozenset({"chat_id", "message_id", "reply_markup"}),
    "answerCallbackQuery": frozenset({"callback_query_id", "text", "show_alert", "cache_time"}),
    "sendChatAction": frozenset({"chat_id", "action"}),
    "getFile": frozenset({"file_id"}),
    "leaveChat": frozenset({"chat_id"}),
}


class RefusedError(Exception):
    """A call that Telegram does not carry out: its code and words."""

    def __init__(self, code: int, words: str, parameters: JSON | None = None) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.parameters = parameters


def bad(words: str) -> RefusedError:
    """400, with the words that Telegram begins with."""
    return RefusedError(400, f"Bad Request: {words}")


def whole(call: JSON, name: str) -> int:
    """A parameter that is a number."""
    text = str(call.get(name, ""))
    if not re.fullmatch(r"-?\d{1,19}", text):
        raise bad(f'parameter "{name}" is required' if not text else f"{name} is no number")
    return int(text)


def text_of(call: JSON) -> str:
    """The text of a message, as Telegram takes it."""
    text = str(call.get("text", ""))
    if not text.strip():
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
        raise bad("message is too long")
    mode = call.get("parse_mode", "")
    if mode == "HTML":
        _check_html(text)
    elif mode:
        raise bad(f"unsupported parse_mode {mode}")
    return text


def object_of(call: JSON, name: str) -> Any:  # noqa: ANN401 - JSON enters here
    """A parameter that is JSON, written as text in a form; None when it is absent."""
    value = call.get(name)
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise bad(f"can't parse {name} JSON object") from error


def markup_of(call: JSON) -> JSON:
    """The keyboard of a message, checked."""
    markup = object_of(call, "reply_markup")
    if markup is None:
        return {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"], _check_inline)
    elif "keyboard" in markup:
        _check_rows(markup["keyboard"], _check_key)
    elif not markup.get("remove_keyboard") and not markup.get("force_reply"):
        raise bad("reply markup of an unknown kind")
    return markup


def commands_of(call: JSON) -> list[JSON]:
    """A menu of commands, checked."""
    commands = object_of(call, "commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad("can't parse commands")
    for one in commands:
        if not _COMMAND.fullmatch(one.get("command", "").removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(one.get("description", "")) <= 256:  # noqa: PLR2004 - Telegram's own
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def webhook_of(call: JSON) -> tuple[str, str, tuple[str, ...]]:
    """A webhook's address, secret and kinds of updates, checked. Plain http is for machines of one's own."""
    url, secret = str(call.get("url", "")), str(call.get("secret_token", ""))
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    allowed = tuple(object_of(call, "allowed_updates") or ())
    if not UPDATE_KINDS.issuperset(allowed):
        raise bad("ALLOWED_UPDATES_INVALID")
    return url, secret, allowed


def unknown_parameters(method: str, call: JSON) -> list[str]:
    """Parameters that the method does not have: Telegram passes over them, so nobody would notice."""
    return sorted(call.keys() - PARAMETERS.get(method, frozenset()))


def _check_rows(rows: Sequence[Sequence[JSON]], check: Any) -> None:  # noqa: ANN401 - one of the two below
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad("too many buttons")
    for button in buttons:
        if not button.get("text"):
            raise bad("text buttons are unallowed in the inline keyboard")
        check(button)


def _check_inline(button: JSON) -> None:
    kinds = button.keys() & {"callback_data", "url", "web_app", "switch_inline_query"}
    if len(kinds) != 1:
        raise bad("exactly one of the optional fields must be used in a button")
    if "callback_data" in button:
        size = len(button["callback_data"].encode())
        if not 1 <= size <= MOST_DATA_BYTES:
            raise bad("BUTTON_DATA_INVALID")


def _check_key(button: JSON) -> None:
    if button.get("request_contact") and button.get("request_location"):
        raise bad("a button can ask for one thing only")


def _check_html(text: str) -> None:
    """Tags that are known and closed; a loose < is not plain text there."""
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        if tag[1] not in _HTML_TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag[1]}"')
        if tag[0].startswith("</"):
            if not opened or opened.pop() != tag[1]:
                raise bad("can't parse entities: Unmatched end tag")
        else:
            opened.append(tag[1])
    if opened or "<" in _TAG.sub("", text):
        raise bad("can't parse entities: Can't find end tag")
