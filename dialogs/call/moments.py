"""What happens on a phone besides words: somebody calls, says nothing, has talked with a person, hangs up."""

import msgspec

from dialogs.call.calling import CALL, last_matter
from dialogs.call.memory import begin, is_calling, phone, remember
from dialogs.intake.by_key import WRITTEN
from dialogs.intake.draft import Intake
from dialogs.requests import LeaveQueue, Told
from dialogs.said import Said
from dialogs.session import Frame, OnPhone
from dialogs.stepping import Stepping
from dialogs.words import Moment


def happened(stepping: Stepping, said: Said) -> None:
    """Take one moment of a call."""
    match said.moment:
        case Moment.BEGAN:
            _began(stepping)
        case Moment.PICKED_UP:
            told(stepping, Told())
        case Moment.ENDED:
            _ended(stepping)
        case Moment.SILENCE | Moment.WAITED | Moment.TALKED | None:
            _went_on(stepping, said)


def _began(stepping: Stepping) -> None:
    """A call begins afresh, but for what was left open."""
    kept = tuple(frame for frame in stepping.session.frames if _is_worth_keeping(frame))
    stepping.change(frames=kept, choices=(), misses=0, silence=0, phone=OnPhone())
    begin(stepping, "began")


def _is_worth_keeping(frame: Frame) -> bool:
    if frame.dialog != "intake":
        return frame.dialog == "survey"
    intake = frame.read(Intake)
    if intake is None:
        return False
    draft = intake.draft
    said = draft.matter or draft.attachments or intake.pending or intake.kept
    return bool(said or draft.place.district or intake.ticket_id)


def told(stepping: Stepping, event: Told) -> None:
    """Somebody has picked up a call of ours: tell what it is about, then ask what is open."""
    kept = tuple(frame for frame in stepping.session.frames if frame.dialog != CALL)
    stepping.change(frames=kept, misses=0, silence=0, phone=OnPhone(ours=True))
    stepping.said.append(stepping.talk().say("Hello, this is the 12345 hotline."))
    if kept:
        stepping.ask()
    else:
        begin(stepping, "told")
    asked = stepping.question.text if stepping.question else ""
    stepping.said.extend(text.removesuffix(asked).strip() for text in event.texts)


def _went_on(stepping: Stepping, said: Said) -> None:
    """Silence, and the end of waiting or talking, are heard by the call's own questions; any other is asked again."""
    if said.moment is Moment.TALKED:
        stepping.change(queued=False)
    if is_calling(stepping) and not phone(stepping).unsure:
        stepping.hear(said)
        return
    remember(stepping, unsure="")
    stepping.lost = said.moment is Moment.SILENCE
    stepping.ask()


def _ended(stepping: Stepping) -> None:
    """The call is over. Where texts are read, what was begun goes on there, once."""
    was_called = stepping.session.phone is not None
    waits = is_calling(stepping, "queue")
    forget(stepping)
    if waits:
        stepping.requests.append(LeaveQueue())
    top = stepping.top()
    if stepping.facts.voice or waits or not was_called:  # a person may have taken it over
        return
    if top is None:
        stepping.rest()
        return
    dialog, _, data = top
    say = stepping.talk().say
    title = last_matter(stepping.session.frames[-1:])
    if dialog.name == "survey":
        stepping.said.append(say("About “{title}”: one question is open.", title=title))
        stepping.ask()
    elif isinstance(data, Intake) and not data.ticket_id and _is_worth_keeping(_top(stepping)):
        if title:
            stepping.said.append(say("The call broke off; “{title}” is noted.", title=title))
        else:
            stepping.said.append(say("The call broke off; what you said is noted."))
        stepping.ask()


def _top(stepping: Stepping) -> Frame:
    return stepping.session.frames[-1]


def forget(stepping: Stepping) -> None:
    """There is no call any more: its own questions are gone, and those by key are asked in words."""
    kept = tuple(
        msgspec.structs.replace(frame, state=_written(frame))
        for frame in stepping.session.frames
        if frame.dialog != CALL
    )
    stepping.change(frames=kept, phone=None, choices=() if not kept else stepping.session.choices)


def _written(frame: Frame) -> str:
    return WRITTEN.get(frame.state, frame.state) if frame.dialog == "intake" else frame.state
