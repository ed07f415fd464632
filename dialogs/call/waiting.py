"""A person on the phone: the queue, and a message or a call-back where nobody comes."""

from dialogs.answers import CANCEL, NO, NONE, THANKS, says
from dialogs.call.calling import Calling, after_talk, words_of_matter
from dialogs.dialog import Await, Finish, Goto, HandOn, Lost, Move, State, Talk
from dialogs.names import short_date
from dialogs.requests import CallHuman, JoinQueue, LeaveQueue, QueueJoined
from dialogs.said import Call, Choice, Reply, Said
from dialogs.words import CallAct, Moment

_MESSAGE_SECONDS = 120
_LEAVE, _CALL_BACK = "leave", "call_back"


def join_queue(talk: Talk, data: Calling) -> Await:
    """Ask for a person; the answer is heard in `joined`."""
    about = words_of_matter(talk.session.frames[:-1])
    return Await(JoinQueue(data.reason, about), "joined", data)


def _wanted(talk: Talk, data: Calling, said: Said) -> Move:
    del said
    if talk.facts.line.second_line and data.reason == "asked":
        return Goto("second", data)
    return join_queue(talk, data)


def _hear_joined(talk: Talk, data: Calling, joined: QueueJoined) -> Move:
    if not joined.open:
        return Goto("closed", data, _closed_words(talk, joined))
    minutes = max(1, joined.minutes)
    if joined.expert:
        say = talk.say(
            "I am putting you through to an expert, about {minutes} minutes.", minutes=minutes
        )
    elif joined.ahead:
        say = talk.say(
            "I am putting you through: {ahead} before you, about {minutes} minutes.",
            ahead=joined.ahead,
            minutes=minutes,
        )
    else:
        say = talk.say("I am putting you through, about {minutes} minutes.", minutes=minutes)
    return Goto("queue", data, say)


def _closed_words(talk: Talk, joined: QueueJoined) -> str:
    if joined.opens_at is None:
        return talk.say("No person is here just now.")
    return talk.say("No person is here until {when}.", when=short_date(talk, joined.opens_at))


def _ask_queue(talk: Talk, data: Calling) -> Reply:
    del talk, data
    return Reply("", call=Call(CallAct.QUEUE))


def _hear_queue(talk: Talk, data: Calling, said: Said) -> Move:
    if said.moment is Moment.TALKED:
        return after_talk(talk)
    if said.moment is not None:
        keeps = talk.facts.reachable
        owed = Calling(data.reason, owed=keeps)
        return Goto("waited" if keeps else "message", owed, do=(LeaveQueue(call_back=keeps),))
    return HandOn()


def _ask_waited(talk: Talk, data: Calling) -> Reply:
    del data
    text = talk.say("We call you back. To leave a message press 1, otherwise just hang up.")
    return Reply(text, (Choice(_LEAVE, talk.say("Leave a message")),))


def _hear_waited(talk: Talk, data: Calling, said: Said) -> Move:
    del talk
    if said.moment is not None or says(said, NO | NONE | THANKS | CANCEL):
        return Goto("bye", data)
    return Goto("message", data) if _leaves(said) else HandOn()


def _ask_closed(talk: Talk, data: Calling) -> Reply:
    del data
    leave = Choice(_LEAVE, talk.say("Leave a message"))
    if not talk.facts.reachable:
        return Reply(talk.say("You can leave a message and a number."), (leave,))
    choices = (leave, Choice(_CALL_BACK, talk.say("Be called back")))
    return Reply(talk.say("What would you like?"), choices)


def _hear_closed(talk: Talk, data: Calling, said: Said) -> Move:
    if said.moment is not None:
        return Lost()
    if _leaves(said):
        return Goto("message", data)
    if says(said, frozenset({"回电", "回电话", "要回电", "call me back"}), _CALL_BACK):
        wanted = CallHuman(data.reason, words_of_matter(talk.session.frames[:-1]))
        return Finish(talk.say("All right, somebody calls you back."), (wanted,))
    return Finish() if says(said, NO | NONE | CANCEL) else HandOn()


def _leaves(said: Said) -> bool:
    return says(said, frozenset({"留言", "我要留言", "我留言", "leave a message"}), _LEAVE)


def _ask_message(talk: Talk, data: Calling) -> Reply:
    del data
    text = talk.say("Please say after the tone where and what it is, then hang up.")
    return Reply(text, call=Call(CallAct.RECORD, seconds=_MESSAGE_SECONDS))


def _hear_message(talk: Talk, data: Calling, said: Said) -> Move:
    """Whatever comes, nobody is asked again: a message is a message."""
    if not said.attachments and not said.text:
        return Goto("bye", data)
    about = "\n".join(filter(None, (words_of_matter(talk.session.frames[:-1]), said.text.strip())))
    do = () if data.owed else (CallHuman("message", about),)
    return Goto("bye", data, talk.say("I have your message."), do)


STATES = {
    "human": State(hear=_wanted),
    "joined": State(hear=_hear_joined),
    "queue": State(hear=_hear_queue, ask=_ask_queue),
    "waited": State(hear=_hear_waited, ask=_ask_waited),
    "closed": State(hear=_hear_closed, ask=_ask_closed),
    "message": State(hear=_hear_message, ask=_ask_message, media=True),
}
