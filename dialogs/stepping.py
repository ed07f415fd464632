"""One step under way: the session as it changes, and what has been said and requested so far."""

from collections.abc import Mapping
from typing import Protocol, assert_never

import msgspec

from dialogs.dialog import (
    Await,
    Dialog,
    Facts,
    Finish,
    Goto,
    HandOn,
    Lost,
    Move,
    Start,
    State,
    Talk,
)
from dialogs.requests import Awaited, CallHuman, Event, Request, SecondReading, SetLanguage
from dialogs.said import Choice, Reply, Said
from dialogs.session import Frame, Session
from dialogs.tongue import language_of
from dialogs.words import Language

HUMAN = "command:human"
_MISSES_BEFORE_HUMAN = 2
_encode = msgspec.json.Encoder().encode


class DialogError(Exception):
    """A dialog is wired wrongly: a program fault, never the resident's."""


class Dialogs(Protocol):
    """What a step needs of the repertoire."""

    @property
    def dialogs(self) -> Mapping[str, Dialog]:
        """All dialogs by name."""

    @property
    def fallback(self) -> str:
        """The name of the one that hears what is said when the talk is idle."""

    @property
    def survey(self) -> str:
        """The name of the one that the city begins."""


class Stepping:
    """One step under way; see the module."""

    def __init__(self, session: Session, facts: Facts, repertoire: Dialogs) -> None:
        self.session = session
        self.facts = facts
        self.repertoire = repertoire
        self.said: list[str] = []
        self.requests: list[Request] = []
        self.awaited: Awaited | None = None
        self.question: Reply | None = None
        self.lost = False  # what was said was not understood
        self.hint = ""  # how to say it otherwise, where it was not understood on the phone
        self.abandoned = False  # everything under way has been dropped, to begin anew
        # The frame that was read last, and what stood in it: frames are read often and change seldom.
        self._read: tuple[Frame | None, tuple[Dialog, State, msgspec.Struct] | None] = (None, None)

    def talk(self) -> Talk:
        """What the states are given."""
        return Talk(self.session, self.facts)

    def change(self, **fields: object) -> None:
        """Put other fields into the session."""
        self.session = msgspec.structs.replace(self.session, **fields)

    def speak(self, language: Language) -> None:
        """Go on in a language that the resident has shown, and have it remembered."""
        self.change(language_chosen=True)
        if language is not self.session.language:
            self.change(language=language)
            self.requests.append(SetLanguage(language))

    def follow(self, said: Said) -> None:
        """Answer in the language in which a new matter is begun."""
        language = language_of(said.text)
        if language is not None and language in self.facts.languages:
            self.speak(language)

    def top(self) -> tuple[Dialog, State, msgspec.Struct] | None:
        """The topmost dialog that this version still knows, with its state and data; others are dropped."""
        while self.session.frames:
            frame = self.session.frames[-1]
            if frame is self._read[0]:
                return self._read[1]
            dialog = self.repertoire.dialogs.get(frame.dialog)
            if dialog is not None:
                first, data = dialog.states[dialog.first], frame.read(dialog.data)
                state = first if data is None else dialog.states.get(frame.state, first)
                self._read = frame, (dialog, state, dialog.data() if data is None else data)
                return self._read[1]
            self.drop()
        return None

    def push(self, dialog: Dialog, state: str, data: msgspec.Struct) -> None:
        """Put a dialog on top."""
        frame = Frame(dialog.name, state, msgspec.Raw(_encode(data)))
        self.change(frames=(*self.session.frames, frame), misses=0, silence=0)

    def put(self, state: str, data: msgspec.Struct) -> None:
        """Change the topmost dialog's state and data."""
        frame = Frame(self.session.frames[-1].dialog, state, msgspec.Raw(_encode(data)))
        self.change(frames=(*self.session.frames[:-1], frame))

    def drop(self) -> None:
        """Take the topmost dialog away."""
        self.change(frames=self.session.frames[:-1], misses=0, silence=0)

    def drop_passing(self) -> None:
        """Take the topmost dialog away when it is in a state that nobody comes back to."""
        top = self.top()
        if top is not None and top[1].passing:
            self.drop()

    def begin(self, dialog: Dialog, state: str, data: msgspec.Struct, heard: Said | None) -> None:
        """Put a dialog on top and let it hear the message that began it, or ask.

        The same dialog begun before gives way, so that the stack cannot grow; one that keeps a draft
        comes to the top instead.
        """
        before = self.session.frames
        others = tuple(frame for frame in before if frame.dialog != dialog.name)
        if dialog.keeps and len(others) < len(before):
            kept = tuple(frame for frame in before if frame.dialog == dialog.name)
            self.change(frames=(*others, *kept))
            say = self.talk().say
            self.said.append(say("Let us finish this one first. To drop it, reply “start over”."))
            self.ask()
            return
        self.change(frames=others)
        self.push(dialog, state, data)
        if heard is None and dialog.states[state].ask is not None:
            self.ask()
            return
        heard = heard or Said()
        self.move(dialog.states[state].hear(self.talk(), data, heard), heard)

    def hear(self, event: Event) -> None:
        """Let the topmost dialog hear what happened, the fallback when there is none."""
        top = self.top()
        if top is None:
            dialog = self.repertoire.dialogs[self.repertoire.fallback]
            data = dialog.data()
            self.push(dialog, dialog.first, data)
            state = dialog.states[dialog.first]
        else:
            dialog, state, data = top
            if state.ask is None and isinstance(event, Said):  # the city's answer got lost
                self.put(dialog.first, data)
                state = dialog.states[dialog.first]
        self.move(state.hear(self.talk(), data, event), event)

    def move(self, move: Move, event: Event) -> None:
        """Make the move that a state has decided on."""
        if isinstance(move, Lost):
            self.lose(move)
            return
        if move.say:
            self.said.append(move.say)
        self.requests.extend(move.do)
        match move:
            case Goto() | Await():
                self.go(move)
            case Start():
                self.start(move)
            case HandOn():
                self.drop()
                self.hear(event)
            case Finish():
                self.finish(move)
            case _:
                assert_never(move)

    def go(self, move: Goto | Await) -> None:
        """Change the state, and ask its question or the city."""
        self.put(move.state, move.data)
        self.change(misses=0)
        if isinstance(move, Await):
            self.wait_for(move.request)
        else:
            self.ask()

    def start(self, move: Start) -> None:
        """Begin another dialog on top of this one, or in its place."""
        if move.data is None:
            self.drop()
        else:
            self.put(self.session.frames[-1].state, move.data)
        if move.last_ticket:
            self.change(last_ticket=move.last_ticket)
        if move.once:
            self.change(offered=(*self.session.offered, move.dialog))
        self.begin(self.repertoire.dialogs[move.dialog], move.state, move.other, move.heard)

    def lose(self, move: Lost) -> None:
        """Ask again in other words each time; offer a person, then call one."""
        self.lost = True
        self.requests.extend(move.do)
        misses = self.session.misses + 1
        if move.data is not None:
            self.put(self.session.frames[-1].state, move.data)
        self.ask()
        if self.facts.voice:  # dialogs/call/trouble.py says how it is asked again there
            self.hint = move.hint
            return
        self.change(misses=misses)
        say = self.talk().say
        if misses == 1:
            self.said.append(move.hint or say("Sorry, I did not understand that."))
        elif misses == _MISSES_BEFORE_HUMAN:
            self.said.append(say("Sorry, I still do not understand. For a person, reply “human”."))
        else:
            self.question = msgspec.structs.replace(self.question or Reply(""), text="")
            self._call_human(misses)

    def _call_human(self, misses: int) -> None:
        say = self.talk().say
        if misses == _MISSES_BEFORE_HUMAN + 1:
            self.requests.append(CallHuman("misunderstood"))
            self.said.append(say("I have asked a person to contact you. You can go on here, too."))
        else:
            self.said.append(say("A person will contact you. For the menu, reply “menu”."))

    def take(self, reading: SecondReading) -> None:
        """Let the topmost dialog take a reading into its data, if the question is still the one it came from."""
        top = self.top()
        if top is None or reading.prompt != self.session.prompt or top[0].reread is None:
            return
        self.put(self.session.frames[-1].state, top[0].reread(self.talk(), top[2], reading))

    def wait_for(self, request: Request) -> None:
        """Have the city answer before going on."""
        if not isinstance(request, Awaited):
            raise DialogError(f"{type(request).__name__} is never answered")
        self.requests.append(request)
        self.awaited = request

    def finish(self, move: Finish) -> None:
        """End the topmost dialog, or all."""
        self.drop()
        if move.abandon_all:
            self.change(frames=())
            self.abandoned = True
        if move.last_ticket:
            self.change(last_ticket=move.last_ticket)
        if move.language is not None:
            self.speak(move.language)
        if not self.session.frames:
            self.rest()
        elif not move.quiet:
            self.ask()

    def rest(self) -> None:
        """The talk is idle: begin the first survey that waits."""
        self.change(choices=(), regarded=False)
        if self.session.waiting:
            first, *others = self.session.waiting
            self.change(waiting=tuple(others))
            survey = self.repertoire.dialogs[self.repertoire.survey]
            self.push(survey, "due", survey.data())
            self.hear(first)

    def ask(self) -> None:
        """Ask the topmost dialog's question (again)."""
        top = self.top()
        if top is None:
            self.rest()
            return
        dialog, state, data = top
        if (
            state.ask is None
        ):  # it was waiting for an answer that got lost: begin with its first question
            self.put(dialog.first, data)
            state = dialog.states[dialog.first]
        if state.ask is not None:
            self.question = state.ask(self.talk(), data)

    def give_up_on(self, dialog: Dialog, data: msgspec.Struct, stage: int) -> None:
        """Let a dialog decide what its resident's silence means."""
        silent = dialog.silent
        move = Finish() if silent is None else silent(self.talk(), data, stage)
        self.move(move, Said())

    def replies(self) -> tuple[Reply, ...]:
        """What the resident gets, with the open question's choices numbered as a new prompt."""
        texts = [text for text in self.said if text]
        if self.question is None or self.awaited is not None:
            language = self.session.language
            return (Reply("\n".join(texts), language=language),) if texts else ()
        question = self.question
        choices = question.choices
        if self.session.misses >= _MISSES_BEFORE_HUMAN and all(c.id != HUMAN for c in choices):
            choices = (*choices, Choice(HUMAN, self.talk().say("Talk to a person")))
        prompt = self.session.prompt + 1
        self.change(prompt=prompt, choices=tuple(choice.id for choice in choices))
        text = "\n".join(text for text in (*texts, question.text) if text)
        language = self.session.language
        whole = msgspec.structs.replace(
            question, text=text, choices=choices, prompt=prompt, language=language
        )
        return (whole,)

    def wake_seconds(self) -> int | None:
        """After how many seconds of silence to come back."""
        top = self.top()
        if top is None:
            return None
        patience = top[0].patience_in(self.session.frames[-1].state)
        return patience[self.session.silence] if self.session.silence < len(patience) else None
