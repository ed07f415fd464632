"""The dialog engine: `step(session, event, facts)` makes one pure step of a conversation.

Dialogs lie on a stack. What is said goes to the topmost; words such as 查询 put another one on top, and
when that has finished, the one below asks its question again. A survey that comes up in the middle of
a talk waits until it is idle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import msgspec

from dialogs.alerting import alert_in, alerted, words
from dialogs.amending import amended
from dialogs.asides import aside
from dialogs.call.taking import hang_up_unheard, is_of_call, take
from dialogs.dialog import Dialog, Facts
from dialogs.enclosing import enclosed
from dialogs.human import LEAVING, gives_up_waiting, note_queue, speak_again
from dialogs.own_number import shared
from dialogs.patience import PAUSED, appeased, is_paused, offended, offends
from dialogs.phrases import phrase
from dialogs.picking import LONGEST_LABEL, with_choice
from dialogs.regard import is_angry, regard
from dialogs.requests import (
    Awaited,
    Event,
    HumanDone,
    Request,
    SecondReading,
    Silence,
    SurveyDue,
)
from dialogs.said import UNSEEN_FILE, UNSEEN_STICKER, Reply, Said
from dialogs.session import Session
from dialogs.stepping import DialogError, Stepping
from dialogs.understanding.text import command_word

__all__ = ["DialogError", "Repertoire", "Step", "join", "patience", "step"]

COMMAND = "command:"
_UNSEEN = {
    UNSEEN_STICKER: phrase("A sticker tells me nothing; please say it in words."),
    UNSEEN_FILE: phrase("That file is larger than 20 MB; please send a smaller one."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What a step made: the new session, what to say, what to ask or order, and when to wake if nothing is said.

    At most one request is `awaited`; the session must then be stepped again with its answer. `silent` names the reason
    why what was said gets no reply.
    """

    session: Session
    replies: tuple[Reply, ...]
    requests: tuple[Request, ...]
    awaited: Awaited | None
    wake_seconds: int | None
    silent: str = ""


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The dialogs that there are; `fallback` hears what is said when the talk is idle, `survey` what the city asks.

    The survey begins in its state `due`, which hears the `SurveyDue`.
    """

    dialogs: Mapping[str, Dialog]
    fallback: str
    survey: str
    _commands: dict[str, tuple[Dialog, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for dialog in self.dialogs.values():
            if dialog.states[dialog.first].ask is None:
                raise DialogError(f"{dialog.name}: the first state must ask")
            for word, state in dialog.commands.items():
                if word in self._commands:
                    raise DialogError(f"{dialog.name}: the word {word} is taken")
                self._commands[word] = (dialog, state)

    def command(self, word: str) -> tuple[Dialog, str] | None:
        """Find the dialog and state that a command word starts."""
        return self._commands.get(word)


def step(session: Session, event: Event, facts: Facts, repertoire: Repertoire) -> Step:
    """Step a conversation once.

    Texts said in earlier steps of the same turn are not repeated: the caller joins the replies of all steps.
    """
    stepping = Stepping(session, facts, repertoire)
    if is_of_call(session, event, facts):
        take(stepping, event, partial(_hear_said, repertoire=repertoire))
    elif isinstance(event, Said):
        stepping.change(silence=0)
        _hear_said(stepping, event, repertoire)
        if not stepping.lost:
            stepping.session = appeased(stepping.session)
        elif _is_mere_noise(event):
            return _put_up_with(session, stepping)
    else:
        _hear_event(stepping, event)
    note_queue(stepping)
    return _made(stepping)


def _hear_event(stepping: Stepping, event: Event) -> None:
    """Hear what the city tells."""
    match event:
        case SurveyDue():
            _hear_survey(stepping, event)
        case Silence():
            _hear_silence(stepping, event)
        case SecondReading():
            stepping.take(event)
        case HumanDone():
            speak_again(stepping, event)
        case _:
            _hear_answer(stepping, event)


def _hear_survey(stepping: Stepping, due: SurveyDue) -> None:
    """It waits for what is going on; a card that is merely being looked at, with nothing below it, holds nothing up."""
    stepping.change(waiting=(*stepping.session.waiting, due))
    if len(stepping.session.frames) == 1:
        stepping.drop_passing()
    if not stepping.session.frames:
        stepping.rest()


def _made(stepping: Stepping) -> Step:
    replies = stepping.replies()
    return Step(
        stepping.session,
        replies,
        tuple(stepping.requests),
        stepping.awaited,
        stepping.wake_seconds(),
    )


def patience(session: Session, repertoire: Repertoire) -> tuple[int, ...]:
    """Seconds of silence, stage by stage, that the open question waits for; none when the talk is idle."""
    if not session.frames:
        return ()
    frame = session.frames[-1]
    dialog = repertoire.dialogs.get(frame.dialog)
    if dialog is None:
        return ()
    return dialog.patience_in(frame.state)


def join(steps: tuple[Step, ...]) -> Reply | None:
    """Join what several steps of one turn said into the one message that the resident gets; None for silence."""
    replies = [reply for one in steps for reply in one.replies]
    if not replies:
        return None
    text = "\n".join(reply.text for reply in replies if reply.text)
    return msgspec.structs.replace(replies[-1], text=text)


def _hear_said(stepping: Stepping, said: Said, repertoire: Repertoire) -> None:
    heard = amended(stepping, said) if said.edits else said
    if heard is None or _is_all(stepping, heard):
        return
    said = heard
    if _is_stale(said, stepping.session):
        stepping.said.append(stepping.talk().say("That button is from an earlier question."))
        stepping.ask()
        return
    if not stepping.session.frames:
        stepping.follow(said)
    heard = enclosed(stepping, with_choice(stepping, said))
    if heard is None:
        return
    said = heard
    word = _word(said)
    top = stepping.top()
    command = repertoire.command(word) if word else None
    if command is None and gives_up_waiting(stepping.session, word):
        command = repertoire.command(LEAVING[0])
    if command is not None and (top is None or word not in top[1].own_words):
        _interrupt(stepping, *command, said)
    elif (
        said.choice
        or not said.text
        or said.attachments
        or not _digresses(stepping, said, repertoire)
    ):
        stepping.hear(said)


def _is_all(stepping: Stepping, said: Said) -> bool:
    """Heed what no dialog has to hear: one's own number, and what tells nothing."""
    if said.phone:
        shared(stepping, said)
    elif said.text in _UNSEEN:
        stepping.said.append(stepping.talk().say(_UNSEEN[said.text]))
        stepping.ask()
    else:
        return False
    return True


def _digresses(stepping: Stepping, said: Said, repertoire: Repertoire) -> bool:
    """Answer what is asked of the hotline itself and go on; raise an alert, meet anger, and let the dialog hear."""
    talk = stepping.talk()
    answer = aside(talk, said.text)
    if answer:
        stepping.said.append(answer)
        if stepping.top() is None:
            fallback = repertoire.dialogs[repertoire.fallback]
            stepping.begin(fallback, fallback.first, fallback.data(), None)
        else:
            stepping.ask()
        return True
    session, now = stepping.session, stepping.facts.now
    understood = stepping.facts.reader.understand(said.text)
    alert = alert_in(session, understood, said.text, now)
    if alert is not None:
        stepping.requests.append(alert)
        stepping.session = alerted(session, alert, now)
        if not understood.emergency:  # whoever is in danger hears first what to do
            stepping.said.append(words(talk, alert))
    elif not session.regarded and not understood.emergency and is_angry(said.text):
        stepping.said.append(regard(talk))
        stepping.change(regarded=True)
    return False


def _is_mere_noise(said: Said) -> bool:
    return not (said.choice or said.attachments or said.pin) and offends(said.text)


def _put_up_with(before: Session, stepping: Stepping) -> Step:
    """Count nonsense that nobody understood; at last say once that we are here, and be silent to more of it."""
    now = stepping.facts.now
    if is_paused(before, now):
        stepping.session = msgspec.structs.replace(before, silence=0)
        return Step(stepping.session, (), (), None, stepping.wake_seconds(), PAUSED)
    counted = offended(before, now)
    if counted.paused_until is None:
        stepping.change(offences=counted.offences, paused_until=None)
        return _made(stepping)
    stepping.session = msgspec.structs.replace(counted, silence=0)
    here = stepping.talk().say("Whenever there is something to report, I am here again.")
    return Step(stepping.session, (Reply(here),), (), None, stepping.wake_seconds())


def _is_stale(said: Said, session: Session) -> bool:
    if not said.choice:  # a button that could only carry its place in the list
        return said.prompt not in {0, session.prompt} and said.text.isdecimal()
    if said.choice.startswith(COMMAND):
        return False
    return said.prompt not in {0, session.prompt} or said.choice not in session.choices


def _word(said: Said) -> str:
    if said.choice:
        return said.choice.removeprefix(COMMAND) if said.choice.startswith(COMMAND) else ""
    if len(said.text) > LONGEST_LABEL or said.attachments or said.pin:
        return ""  # a photo belongs to what is being told, whatever stands below it
    return command_word(said.text) or said.text.strip()  # the latter for "?"


def _interrupt(stepping: Stepping, dialog: Dialog, state: str, said: Said) -> None:
    stepping.drop_passing()
    heard = said if dialog.states[state].ask is None else None
    stepping.begin(dialog, state, dialog.data(), heard)


def _hear_answer(stepping: Stepping, event: Event) -> None:
    """Hear an answer of the city; one that nobody waits for any more is let go."""
    top = stepping.top()
    if top is not None and top[1].ask is None:
        stepping.hear(event)


def _hear_silence(stepping: Stepping, silence: Silence) -> None:
    hang_up_unheard(stepping)
    top = stepping.top()
    if top is None or silence.stage != stepping.session.silence:
        return
    dialog, _, data = top
    stepping.change(silence=silence.stage + 1)
    stepping.give_up_on(dialog, data, silence.stage)
