"""A person (人工): the resident waits in a queue, and the talk below goes on until somebody comes."""

from datetime import datetime, timedelta

import msgspec

from dialogs.dialog import Await, Dialog, Finish, HandOn, Move, State, Talk
from dialogs.names import short_date
from dialogs.requests import CallHuman, Draft, HumanDone, JoinQueue, LeaveQueue, QueueJoined
from dialogs.said import Reply, Said
from dialogs.session import Frame, Session
from dialogs.stepping import Stepping

# These end the wait at any time; those below only where nothing else is being asked.
LEAVING = (
    "不等了",
    "不等人工了",
    "取消人工",
    "取消转人工",
    "不转人工了",
    "不用人工了",
    "stop waiting",
)
_WORDS = (
    *("人工", "转人工", "人工服务", "找人工", "0", "00"),
    *("专家", "转专家", "找专家", "问专家", "专家席", "expert"),
    *("我不服", "不服", "有异议", "我有异议"),  # to what was decided against them
    *("human", "agent", "operator", "person"),
)
NEVER_MIND = frozenset(
    {"取消", "不用", "不用了", "不要了", "不需要", "不需要了", "算了", "cancel", "never mind"}
)


class Human(msgspec.Struct, frozen=True):
    """Nothing is to be remembered."""


def _call(talk: Talk, data: Human, said: Said) -> Move:
    del data, said
    return Await(JoinQueue("asked", under_way(talk.session.frames[:-1])), "joining", Human())


def _hear_joined(talk: Talk, data: Human, joined: QueueJoined) -> Move:
    del data
    return Finish(joined_words(talk, joined), () if joined.open else (LeaveQueue(),))


def joined_words(talk: Talk, joined: QueueJoined) -> str:
    """Say how long it takes, or when people are back."""
    if not joined.open:
        return _closed(talk, joined.opens_at)
    minutes = max(1, joined.minutes)
    if joined.expert:
        return talk.say(
            "I am getting an expert for you, about {minutes} min. "
            "Do go on here, I write it down. To stop waiting, reply “stop waiting”.",
            minutes=minutes,
        )
    if joined.ahead:
        return talk.say(
            "I am getting a person for you: {ahead} before you, about {minutes} min. "
            "Do go on here, I write it down. To stop waiting, reply “stop waiting”.",
            ahead=joined.ahead,
            minutes=minutes,
        )
    return talk.say(
        "I am getting a person for you, about {minutes} min. "
        "Do go on here, I write it down. To stop waiting, reply “stop waiting”.",
        minutes=minutes,
    )


def _closed(talk: Talk, opens_at: datetime | None) -> str:
    if opens_at is None:
        return talk.say(
            "No person is here now. I have noted that you want one; you will be contacted. "
            "You can go on here."
        )
    return talk.say(
        "No person is here now; they are back {when}. I have noted that you want one. "
        "You can go on here.",
        when=_when(talk, opens_at),
    )


def _when(talk: Talk, opens_at: datetime) -> str:
    timezone = talk.facts.timezone
    local, today = opens_at.astimezone(timezone), talk.facts.now.astimezone(timezone).date()
    time = f"{local:%H:%M}"
    if local.date() == today:
        return talk.say("today at {time}", time=time)
    if local.date() == today + timedelta(days=1):
        return talk.say("tomorrow at {time}", time=time)
    return short_date(talk, opens_at)


def under_way(frames: tuple[Frame, ...]) -> str:
    """The matter of the draft that is being told, for the person who comes; "" where there is none."""
    for frame in reversed(frames):
        if frame.dialog == "intake":
            drafting = frame.read(_Drafting)
            return drafting.draft.matter if drafting is not None else ""
    return ""


class _Drafting(msgspec.Struct, frozen=True):
    """As much of an intake's data as is read here."""

    draft: Draft = Draft()


def draft_of(session: Session) -> Draft | None:
    """The draft that is being told in a session, None where nothing is."""
    for frame in reversed(session.frames):
        if frame.dialog == "intake":
            drafting = frame.read(_Drafting)
            return drafting.draft if drafting is not None else None
    return None


def _leave(talk: Talk, data: Human, said: Said) -> Move:
    del data, said
    if not talk.session.queued:
        return HandOn()
    return Finish(talk.say("All right, no more waiting. You can go on here."), (LeaveQueue(),))


def gives_up_waiting(session: Session, word: str) -> bool:
    """Tell whether an answer that fits many questions means the queue: nothing else is being asked."""
    return session.queued and not session.frames and word in NEVER_MIND


def note_queue(stepping: Stepping) -> None:
    """Remember whether the resident waits for a person, after all that this step asks of the city."""
    for request in stepping.requests:
        if isinstance(request, LeaveQueue):
            stepping.change(queued=False)
        elif isinstance(request, JoinQueue) or request == CallHuman("misunderstood"):
            stepping.change(queued=True)


def speak_again(stepping: Stepping, done: HumanDone) -> None:
    """The dialog goes on where it was, unless the matter is settled."""
    stepping.change(queued=done.waiting, misses=0)
    if done.over:
        stepping.change(frames=())
    stepping.said.append(_done_words(stepping.talk(), done))
    stepping.ask()


def _done_words(talk: Talk, done: HumanDone) -> str:
    if done.nobody_came:
        return talk.say(
            "Sorry, nobody is free just now. I have noted it and you will be contacted. "
            "Go on here if you like."
        )
    if done.waiting:
        return talk.say(
            "Our colleague had to leave; the next one takes over at once and sees all you have said."
        )
    if done.over:
        return talk.say("The talk with our colleague has ended. Anything else? Just say it here.")
    return talk.say("I am the automatic service again. What you have said is all kept.")


def _ask(talk: Talk, data: Human) -> Reply:
    del data
    return Reply(talk.say("For a person, reply “human”."))


HUMAN = Dialog(
    name="human",
    data=Human,
    states={
        "asked": State(hear=_call, ask=_ask),
        "called": State(hear=_call),
        "joining": State(hear=_hear_joined),
        "leaving": State(hear=_leave),
    },
    first="asked",
    patience=(1800,),
    commands={
        **dict.fromkeys(
            _WORDS,
            "called",
        ),
        **dict.fromkeys(LEAVING, "leaving"),
    },
)
