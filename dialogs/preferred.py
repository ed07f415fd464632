"""Where notices go (以后用短信通知我): a channel that the resident has used before, and wishes for from now on."""

import msgspec

from dialogs.dialog import Await, Dialog, Finish, HandOn, Move, State, Talk
from dialogs.phrases import phrase
from dialogs.requests import ChannelPreferred, PreferChannel
from dialogs.said import Choice, Reply, Said

HERE = ""  # the channel that is talking
_NAMES = {"sms": phrase("SMS"), "whatsapp": "WhatsApp", "telegram": "Telegram"}
_WORDS = {
    "sms": ("短信", "手机短信", "sms", "text", "text message"),
    "whatsapp": ("whatsapp", "微信海外版"),
    "telegram": ("telegram", "电报", "tg"),
}
_CHINESE = (
    "以后用{}通知我",
    "以后请用{}通知我",
    "今后用{}通知我",
    "请用{}通知我",
    "改用{}通知我",
    "用{}通知我",
    "以后发{}通知我",
    "以后{}通知我",
    "发{}通知我",
    "{}通知我",
    "{}通知",
)
_ENGLISH = ("notify me by {}", "tell me by {}", "contact me by {}", "send me {}", "use {}")
_ASK = ("通知方式", "换个方式通知我", "改通知方式", "怎么通知我", "how do you notify me")
_HERE = ("以后就在这里通知我", "以后在这里通知我", "在这里通知我", "notify me here", "tell me here")


class Preferred(msgspec.Struct, frozen=True, omit_defaults=True):
    """The channel that was wished for."""

    channel: str = HERE


def _wish(channel: str) -> State:
    def heard(talk: Talk, data: Preferred, said: Said) -> Move:
        del talk, data, said
        return Await(PreferChannel(channel), "told", Preferred(channel))

    return State(hear=heard)


def _ask(talk: Talk, data: Preferred) -> Reply:
    del data
    names = [Choice(channel, _name(talk, channel)) for channel in _NAMES]
    here = Choice("here", talk.say("Here"))
    question = talk.say("Where shall we tell you how your tickets go on?")
    return Reply(question, (here, *names))


def _hear(talk: Talk, data: Preferred, said: Said) -> Move:
    del talk, data
    if said.choice == "here":
        return Await(PreferChannel(HERE), "told", Preferred(HERE))
    if said.choice in _NAMES:
        return Await(PreferChannel(said.choice), "told", Preferred(said.choice))
    return HandOn()


def _told(talk: Talk, data: Preferred, answer: ChannelPreferred) -> Move:
    if data.channel == HERE:
        return Finish(talk.say("All right, from now on we tell you here."))
    name = _name(talk, data.channel)
    if not answer.known:
        return Finish(
            talk.say(
                "We do not have you on {channel} yet. Write to us there once, then say it again.",
                channel=name,
            )
        )
    return Finish(talk.say("All right, from now on we tell you by {channel}.", channel=name))


def _name(talk: Talk, channel: str) -> str:
    return talk.say(_NAMES[channel]) if channel == "sms" else _NAMES[channel]


PREFERRED = Dialog(
    name="preferred",
    data=Preferred,
    states={
        "choose": State(hear=_hear, ask=_ask, passing=True),
        "told": State(hear=_told),
        "here": _wish(HERE),
        **{channel: _wish(channel) for channel in _NAMES},
    },
    first="choose",
    patience=(1800,),
    commands={
        **dict.fromkeys(_ASK, "choose"),
        **dict.fromkeys(_HERE, "here"),
        **{
            frame.format(word): channel
            for channel, words in _WORDS.items()
            for word in words
            for frame in (*_CHINESE, *_ENGLISH)
        },
    },
)
