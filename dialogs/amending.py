"""An edited message: it puts the draft right that it went into, or becomes a correction of the ticket."""

import msgspec

from dialogs.dialog import Goto, Talk
from dialogs.intake.draft import Intake, tells, with_matter, with_place
from dialogs.intake.flow import go_on
from dialogs.requests import AddToTicket
from dialogs.said import Said
from dialogs.session import Frame
from dialogs.stepping import Stepping
from dialogs.ticket_number import format_number
from dialogs.understanding.place import Place
from dialogs.understanding.reader import Reader
from dialogs.words import Language

INTAKE = "intake"
_encode = msgspec.json.Encoder().encode


def amended(stepping: Stepping, said: Said) -> Said | None:
    """Take an edit up; returns what is to be heard like any other message, None when that is all.

    What was not heard before, and words of danger, are heard as if they were new.
    """
    before, text = said.before.strip(), said.text.strip()
    talk = stepping.talk()
    if before == text:
        return None
    new = msgspec.structs.replace(said, edits="", before="")
    if not before or talk.facts.reader.understand(text).emergency:
        return new
    if _amends_draft(stepping, before, text) or _corrects_ticket(stepping, before, text):
        return None
    if stepping.session.frames and _says_something(talk, text):
        return new
    stepping.said.append(
        talk.say("I have gone on with what you wrote first; to change it, just tell me.")
    )
    stepping.ask()
    return None


def put_right(reader: Reader, intake: Intake, before: str, text: str) -> Intake:
    """The draft as if `text` had been said instead of `before`; a place named only elsewhere stays."""
    draft = intake.draft
    whole = draft.matter.replace(before, text, 1)
    found = reader.understand(before).place
    named = bool(found.place.district or found.place.detail or found.candidates)
    bare = msgspec.structs.replace(
        draft,
        matter="",
        title="",
        kind=None,
        topic="",
        grade=None,
        enterprise="",
        happened="",
        affected=0,
        place=Place() if named else draft.place,
    )
    afresh = msgspec.structs.replace(
        intake,
        draft=bare,
        topics=(),
        candidates=() if named else intake.candidates,
        place_done=intake.place_done and not named,
        place_tries=0,
    )
    afresh = with_place(afresh, reader.understand(text).place)
    return with_matter(afresh, whole, reader.understand(whole))


def _amends_draft(stepping: Stepping, before: str, text: str) -> bool:
    """Put the draft right that holds these words, and say what is noted now."""
    reader, say = stepping.facts.reader, stepping.talk().say
    for at, frame in reversed(list(enumerate(stepping.session.frames))):
        intake = frame.read(Intake) if frame.dialog == INTAKE else None
        if intake is None or intake.ticket_id or before not in intake.draft.matter:
            continue
        intake = put_right(reader, intake, before, text)
        frames = list(stepping.session.frames)
        frames[at] = Frame(frame.dialog, frame.state, msgspec.Raw(_encode(intake)))
        stepping.change(frames=tuple(frames))
        if at < len(frames) - 1:
            stepping.said.append(say("Changed."))
            stepping.ask()
        elif frame.state == "several":  # they are counted anew when that has been answered
            stepping.move(Goto(frame.state, intake, say("Changed.")), Said())
        else:
            stepping.move(go_on(stepping.talk(), intake, say("Changed.")), Said())
        return True
    return False


def _corrects_ticket(stepping: Stepping, before: str, text: str) -> bool:
    """Add a correction to the ticket that was opened last, when the words told a matter."""
    talk, ticket_id = stepping.talk(), stepping.session.last_ticket
    understood = talk.facts.reader.understand(before)
    if not ticket_id or not (understood.topic or understood.has_matter):
        return False
    # In the language of those who read the ticket.
    note = talk.facts.phrases.say(Language.CHINESE, "Correction: {text}", text=text)
    stepping.requests.append(AddToTicket(ticket_id, note))
    number = format_number(ticket_id)
    stepping.said.append(talk.say("The correction is added to ticket {number}.", number=number))
    if stepping.session.frames:
        stepping.ask()
    return True


def _says_something(talk: Talk, text: str) -> bool:
    """More than the number of a choice that has been used already."""
    understood = talk.facts.reader.understand(text)
    place = understood.place
    return bool(tells(text, understood) or place.place.district or place.candidates)
