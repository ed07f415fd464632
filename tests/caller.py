"""Plays phone calls: what is said, keyed or left unsaid, and what the caller must hear.

`> words`, `> #5` (a key; `#*` and `##` too), `> ...` (silence), `> ~words` (half heard), `> call`, `> hang up`, `> waited`, `> talked`,
`> message` (a recording). `< ` lines must all be heard, in order; `<!` must not; `= ` is a request; `@ ` what the call does.
"""

from collections.abc import Mapping
from dataclasses import replace

from channels.spoken import KEYS, with_choices
from dialogs.dialog import Facts, Line
from dialogs.said import Attachment, Reply, Said
from dialogs.words import CallAct, Language, Moment
from tests.transcript import City, Talk, facts

RECORDING = Attachment("voice-1", "audio/wav")
LINE = Line("+861012345", recording="told")
_MOMENTS = {
    "call": Moment.BEGAN,
    "hang up": Moment.ENDED,
    "...": Moment.SILENCE,
    "waited": Moment.WAITED,
    "talked": Moment.TALKED,
    "picked up": Moment.PICKED_UP,
}
_COMMANDS: Mapping[str, str] = {key: command for command, key in KEYS.items()}
HALF_HEARD = 0.3


def phone(line: Line = LINE, languages: tuple[Language, ...] = (Language.CHINESE,)) -> Facts:
    """What is known in a call from a mobile in a city that speaks one language, unless told otherwise."""
    return replace(
        facts(),
        buttons=False,
        reachable=True,
        voice=True,
        texts=True,
        brief=True,
        line=line,
        languages=languages,
    )


def land_line(line: Line = LINE) -> Facts:
    return replace(phone(line), texts=False)


def hidden(line: Line = LINE) -> Facts:
    return replace(phone(line), texts=False, reachable=False)


class Caller(Talk):
    """One who calls, from `home` (SMS by default) when the call has ended."""

    def __init__(self, call: Facts, city: City | None = None, home: Facts | None = None) -> None:
        super().__init__(call, city)
        self.call, self.home = call, home

    def does(self, text: str) -> str:
        """Do one thing and return what is heard."""
        if text in {"call", "picked up"}:
            self.facts = self.call
        if text == "hang up" and self.home is not None:
            self.facts = self.home
        self.event(self.said(text))
        return self.heard()

    def heard(self) -> str:
        return heard(self.reply)

    @property
    def act(self) -> CallAct | None:
        return self.reply.call.act if self.reply and self.reply.call else None

    def said(self, text: str) -> Said:
        """What one line of a transcript says."""
        if text in _MOMENTS:
            return Said(moment=_MOMENTS[text])
        if text == "message":
            return Said(attachments=(RECORDING,))
        if text.startswith("#"):
            key = text[1:]
            command = _COMMANDS.get(key)
            return Said(choice=command) if command else Said(text=key)
        if text.startswith("~"):
            return Said(text=text[1:], confidence=HALF_HEARD)
        return Said(text=text)


def heard(reply: Reply | None) -> str:
    """The words with the keys named, before they are spoken."""
    return with_choices(reply.text, reply.choices, reply.language) if reply else ""


def play_call(
    transcript: str,
    call: Facts | None = None,
    city: City | None = None,
    home: Facts | None = None,
) -> Caller:
    """Play a call; an `AssertionError` shows the turn that went otherwise."""
    caller = Caller(call or phone(), city, home)
    got, at = "", 0
    for number, line in enumerate(transcript.strip().splitlines(), 1):
        mark, _, text = line.strip().partition(" ")
        where = f"line {number}: {line.strip()}\ngot:\n{got}"
        if mark == ">":
            got, at = caller.does(text), 0
        elif mark == "<":
            assert text in got[at:] if text else got == "", where
            at = got.index(text, at) + len(text)
        elif mark == "<!":
            assert text not in got, where
        elif mark == "=":
            made = [repr(request) for request in caller.requests]
            assert any(text in request for request in made), f"{line.strip()}\nmade: {made}"
        elif mark == "@":
            assert caller.act == CallAct(text), f"{where}\ndoes: {caller.act}"
        elif mark:
            raise ValueError(line)
    return caller
