"""The methods of the Bot API that the gateway uses, carried out on the stand-in's chats."""

from collections.abc import Callable

from gateway import clock
from gateway.simulator.telegram_chats import JSON, Chat, Said
from gateway.simulator.telegram_rules import (
    MOST_DESCRIPTION,
    RefusedError,
    bad,
    commands_of,
    markup_of,
    text_of,
    unknown_parameters,
    whole,
)
from gateway.simulator.telegram_state import State

LARGEST_FILE_BYTES = 20 * 1024 * 1024

Result = JSON | list[JSON] | bool


def carry_out(state: State, method: str, call: JSON) -> Result:
    """Carry out one call; raises `RefusedError`."""
    does = _METHODS.get(method)
    if does is None:
        raise RefusedError(404, "Not Found")
    unknown = unknown_parameters(method, call)
    if unknown:
        state.complain(f"{method}: no such parameters: {', '.join(unknown)}")
    state.calls[method] = state.calls.get(method, 0) + 1
    return does(state, call)


def _get_me(state: State, call: JSON) -> Result:
    del call
    return state.bot | {"can_join_groups": True, "can_read_all_group_messages": False}


def _set_webhook(state: State, call: JSON) -> Result:
    state.set_webhook(call)
    return True


def _delete_webhook(state: State, call: JSON) -> Result:
    del call
    state.set_webhook({})
    return True


def _get_webhook_info(state: State, call: JSON) -> Result:
    del call
    hook = state.hook
    info: JSON = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": hook.pending,
        "max_connections": hook.max_connections,
        "allowed_updates": list(hook.allowed),
    }
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return info


def _set_commands(state: State, call: JSON) -> Result:
    state.commands[str(call.get("language_code") or "")] = commands_of(call)
    return True


def _get_commands(state: State, call: JSON) -> Result:
    return state.commands.get(str(call.get("language_code") or ""), [])


def _set_description(state: State, call: JSON) -> Result:
    words = str(call.get("description", ""))
    if len(words) > MOST_DESCRIPTION:
        raise bad("description is too long")
    state.descriptions[str(call.get("language_code") or "")] = words
    return True


def _send_message(state: State, call: JSON) -> Result:
    chat = _chat(state, call)
    markup, text = markup_of(call), text_of(call)
    content: JSON = {"text": text}
    if markup:
        content["reply_markup"] = markup
    return state.as_message(state.say(chat, content))


def _edit_text(state: State, call: JSON) -> Result:
    said = _own(state, call)
    content: JSON = {"text": text_of(call)}
    markup = markup_of(call)
    if markup:
        content["reply_markup"] = markup
    return _changed(state, said, content)


def _edit_markup(state: State, call: JSON) -> Result:
    said = _own(state, call)
    content = {name: value for name, value in said.content.items() if name != "reply_markup"}
    markup = markup_of(call)
    if markup.get("inline_keyboard"):
        content["reply_markup"] = markup
    return _changed(state, said, content)


def _changed(state: State, said: Said, content: JSON) -> Result:
    if content == said.content or (
        not said.buttons and content.keys() == said.content.keys() - {"reply_markup"}
    ):
        raise bad("message is not modified: specified new message content and reply markup")
    said.content = content
    said.edited_at = clock.now()
    state.chats.note(state.chats.open(said.chat), said)
    return state.as_message(said)


def _answer_press(state: State, call: JSON) -> Result:
    press = str(call.get("callback_query_id", ""))
    if state.presses.get(press) is not False:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    state.presses[press] = True
    return True


def _get_file(state: State, call: JSON) -> Result:
    file = state.files.get(str(call.get("file_id", "")))
    if file is None:
        raise bad("invalid file_id")
    if file.size > LARGEST_FILE_BYTES:
        raise bad("file is too big")
    shown = {"file_id": file.id, "file_unique_id": file.id[-8:], "file_size": file.size}
    return shown | {"file_path": file.path}


def _leave(state: State, call: JSON) -> Result:
    chat = _chat(state, call)
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.left = True
    state.chats.note(chat)
    return True


def _act(state: State, call: JSON) -> Result:
    _chat(state, call)
    return True


def _chat(state: State, call: JSON) -> Chat:
    """A chat that the bot may write to."""
    chat_id = whole(call, "chat_id")
    chat = state.chats.get(chat_id)
    if state.forgetful and chat_id > 0:
        chat = state.chats.open(chat_id)
        chat.began = True
    if chat is None or not (chat.began or chat.kind != "private"):
        raise bad("chat not found")
    if chat.blocked:
        raise RefusedError(403, "Forbidden: bot was blocked by the user")
    if chat.left:
        raise RefusedError(403, "Forbidden: bot is not a member of the supergroup chat")
    return chat


def _own(state: State, call: JSON) -> Said:
    """A message of the bot's own, which it may change."""
    said = _chat(state, call).says.get(whole(call, "message_id"))
    if said is None:
        raise bad("message to edit not found")
    if said.mine:
        raise bad("message can't be edited")
    return said


_METHODS: dict[str, Callable[[State, JSON], Result]] = {
    "getMe": _get_me,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "setMyCommands": _set_commands,
    "getMyCommands": _get_commands,
    "setMyDescription": _set_description,
    "sendMessage": _send_message,
    "editMessageText": _edit_text,
    "editMessageReplyMarkup": _edit_markup,
    "answerCallbackQuery": _answer_press,
    "getFile": _get_file,
    "leaveChat": _leave,
    "sendChatAction": _act,
}
