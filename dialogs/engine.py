"""The dialog engine: `step(session, event, facts)` makes one pure step of a conversation.

Dialogs lie on a stack. What is said goes to the topmost; words such as 查询 put another one on top, and when that has
finished, the one below asks its question again. A survey that comes up in the middle of a talk waits until it is idle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

import msgspec

from dialogs.dialog import Await, Dialog, Facts, Finish, Goto, Lost, Move, Start, State, Talk
from dialogs.requests import Event, FindTickets, OpenTicket, Request, Silence, SurveyDue
from dialogs.said import Choice, Reply, Said
from dialogs.session import Frame, Session
from dialogs.understanding.numerals import choice_number
from dialogs.understanding.text import command_word

MISSES_BEFORE_HUMAN = 2
HUMAN = "command:human"


class DialogError(Exception):
    """A dialog is wired wrongly: a program fault, never the resident's."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step made: the new session, what to say, what to ask or order, and when to wake if nothing is said.

    At most one request is `awaited`; the session must then be stepped again with its answer.
    """

    session: Session
    replies: tuple[Reply, ...]
    requests: tuple[Request, ...]
    awaited: OpenTicket | FindTickets | None
    wake_seconds: int | None


@dataclass(frozen=True, slots=True)
class Repertoire:
    """The dialogs that there are; `fallback` hears what is said when the talk is idle, `survey` what the city asks."""

    dialogs: Mapping[str, Dialog]
    fallback: str
    survey: str
    _commands: dict[str, tuple[Dialog, str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for dialog in self.dialogs.values():
            for word, state in dialog.commands.items():
                if word in self._commands:
                    raise DialogError(f"{dialog.name}: the word {word} is taken")
                self._commands[word] = (dialog, state)

    def command(self, word: str) -> tuple[Dialog, str] | None:
        """Find the dialog and state that a command word starts."""
        return self._commands.get(word)


class _Stepping:
    """One step under way: the session as it changes, and what has been said and requested so far."""

    def __init__(self, session: Session, facts: Facts, repertoire: Repertoire) -> None:
        self.session = session
        self.facts = facts
        self.repertoire = repertoire
        self.said: list[str] = []
        self.requests: list[Request] = []
        self.awaited: OpenTicket | FindTickets | None = None
        self.question: Reply | None = None

    def talk(self) -> Talk:
        return Talk(self.session, self.facts)

    def change(self, **fields: object) -> None:
        self.session = msgspec.structs.replace(self.session, **fields)

    def top(self) -> tuple[Dialog, State, msgspec.Struct] | None:
        """The topmost dialog that this version still knows, with its state and data; others are dropped."""
        while self.session.frames:
            frame = self.session.frames[-1]
            dialog = self.repertoire.dialogs.get(frame.dialog)
            if dialog is not None:
                try:
                    data = msgspec.json.decode(frame.data, type=dialog.data)
                except msgspec.ValidationError:
                    data = dialog.data()
                return dialog, dialog.states.get(frame.state, dialog.states[dialog.first]), data
            self.change(frames=self.session.frames[:-1])
        return None

    def push(self, dialog: Dialog, state: str, data: msgspec.Struct) -> None:
        frame = Frame(dialog.name, state, msgspec.Raw(msgspec.json.encode(data)))
        self.change(frames=(*self.session.frames, frame), misses=0)

    def put(self, state: str, data: msgspec.Struct) -> None:
        frame = Frame(self.session.frames[-1].dialog, state, msgspec.Raw(msgspec.json.encode(data)))
        self.change(frames=(*self.session.frames[:-1], frame))

    def hear(self, event: Event) -> None:
        top = self.top()
        if top is None:
            dialog = self.repertoire.dialogs[self.repertoire.fallback]
            self.push(dialog, dialog.first, dialog.data())
            self.hear(event)
            return
        _, state, data = top
        self.move(state.hear(self.talk(), data, event))

    def move(self, move: Move) -> None:
        if isinstance(move, Lost):
            self.change(misses=self.session.misses + 1)
            self.said.append(move.hint or self.talk().say("Sorry, I did not understand that."))
            self.ask()
            return
        if move.say:
            self.said.append(move.say)
        self.requests.extend(move.do)
        match move:
            case Goto():
                self.put(move.state, move.data)
                self.change(misses=0)
                self.ask()
            case Await():
                self.put(move.state, move.data)
                self.change(misses=0)
                self.wait_for(move.request)
            case Start():
                self.put(self.session.frames[-1].state, move.data)
                self.push(self.repertoire.dialogs[move.dialog], move.state, move.other)
                self.ask()
            case Finish():
                self.finish(move)
            case _:
                assert_never(move)

    def wait_for(self, request: Request) -> None:
        if not isinstance(request, OpenTicket | FindTickets):
            raise DialogError(f"{type(request).__name__} is never answered")
        self.requests.append(request)
        self.awaited = request

    def finish(self, move: Finish) -> None:
        left = () if move.abandon_all else self.session.frames[:-1]
        self.change(
            frames=left,
            misses=0,
            last_ticket=move.last_ticket or self.session.last_ticket,
            language=move.language or self.session.language,
        )
        if left:
            self.ask()
        else:
            self.rest()

    def rest(self) -> None:
        """The talk is idle: begin the first survey that waits."""
        self.change(choices=())
        if self.session.waiting:
            first, *others = self.session.waiting
            self.change(waiting=tuple(others))
            survey = self.repertoire.dialogs[self.repertoire.survey]
            self.push(survey, survey.first, survey.data())
            self.hear(first)

    def ask(self) -> None:
        """Ask the topmost dialog's question (again)."""
        top = self.top()
        if top is None:
            self.rest()
            return
        _, state, data = top
        if state.ask is None:  # it was waiting for an answer that got lost: start that dialog's question anew
            dialog = top[0]
            state = dialog.states[dialog.first]
            self.put(dialog.first, data)
            if state.ask is None:
                raise DialogError(f"{dialog.name}: the first state must ask")
        self.question = state.ask(self.talk(), data)

    def result(self) -> Step:
        replies = self._replies()
        return Step(self.session, replies, tuple(self.requests), self.awaited, self._wake())

    def _replies(self) -> tuple[Reply, ...]:
        texts = [text for text in self.said if text]
        if self.question is None or self.awaited is not None:
            return (Reply("\n".join(texts)),) if texts else ()
        question = self.question
        choices = question.choices
        if self.session.misses >= MISSES_BEFORE_HUMAN and all(c.id != HUMAN for c in choices):
            choices = (*choices, Choice(HUMAN, self.talk().say("Talk to a person")))
        prompt = self.session.prompt + 1
        self.change(prompt=prompt, choices=tuple(choice.id for choice in choices))
        text = "\n".join([*texts, question.text])
        return (msgspec.structs.replace(question, text=text, choices=choices, prompt=prompt),)

    def _wake(self) -> int | None:
        top = self.top()
        if top is None or self.session.silence >= len(top[0].patience):
            return None
        return top[0].patience[self.session.silence]


def step(session: Session, event: Event, facts: Facts, repertoire: Repertoire) -> Step:
    """Step a conversation once.

    Texts said in earlier steps of the same turn are not repeated: the caller joins the replies of all steps.
    """
    stepping = _Stepping(session, facts, repertoire)
    match event:
        case Said():
            stepping.change(silence=0)
            _hear_said(stepping, event)
        case SurveyDue():
            stepping.change(waiting=(*session.waiting, event))
            if not session.frames:
                stepping.rest()
        case Silence():
            _hear_silence(stepping, event)
        case _:
            stepping.hear(event)
    return stepping.result()


def _hear_said(stepping: _Stepping, said: Said) -> None:
    session = stepping.session
    if said.choice and said.prompt and said.prompt != session.prompt and said.choice != HUMAN:
        if not said.choice.startswith("command:"):
            stepping.said.append(stepping.talk().say("That button is from an earlier question."))
            stepping.ask()
            return
    top = stepping.top()
    free_text = top is not None and top[1].free_text
    said = _with_choice(said, session, free_text=free_text)
    word = said.choice.removeprefix("command:") if said.choice.startswith("command:") else ""
    if not word and not said.choice:
        word = command_word(said.text)
    command = stepping.repertoire.command(word) if word else None
    if command is None:
        stepping.hear(said)
        return
    _interrupt(stepping, *command)


def _with_choice(said: Said, session: Session, *, free_text: bool) -> Said:
    """Read "2", "２" or 第二个 as the second choice of the open question."""
    if said.choice or not session.choices or free_text or not session.frames:
        return said
    number = choice_number(said.text)
    if number is None or not 1 <= number <= len(session.choices):
        return said
    return msgspec.structs.replace(said, choice=session.choices[number - 1])


def _interrupt(stepping: _Stepping, dialog: Dialog, state: str) -> None:
    """Put `dialog` on top; the same dialog begun before is taken away first, so that the stack cannot grow."""
    frames = tuple(f for f in stepping.session.frames if f.dialog != dialog.name)
    stepping.change(frames=frames)
    stepping.push(dialog, state, dialog.data())
    chosen = dialog.states[state]
    if chosen.ask is None:
        stepping.move(chosen.hear(stepping.talk(), dialog.data(), Said()))
    else:
        stepping.ask()


def _hear_silence(stepping: _Stepping, silence: Silence) -> None:
    top = stepping.top()
    if top is None or silence.stage != stepping.session.silence:
        return
    dialog, _, data = top
    stepping.change(silence=silence.stage + 1)
    if dialog.silent is None:
        stepping.finish(Finish())
        return
    stepping.move(dialog.silent(stepping.talk(), data, silence.stage))


def join(steps: tuple[Step, ...]) -> Reply | None:
    """Join what several steps of one turn said into the one message that the resident gets; None for silence."""
    replies = [reply for one in steps for reply in one.replies]
    if not replies:
        return None
    text = "\n".join(reply.text for reply in replies if reply.text)
    return msgspec.structs.replace(replies[-1], text=text)

