"""What was said in `jiesu chat`, kept as a transcript that the tests of the dialog can play (`tests/transcript.py`).

`> ` is what a resident does, `< ` what must be answered. What differs from day to day is left out: ticket numbers, times.
"""

import re
from collections.abc import Iterator, Sequence

from gateway.chatting import Heard

_SIGNATURE = re.compile(r"【[^】]*】")
_VARIES = re.compile(r"\d{6}-\d{6}-\d|20\d\d-\d\d-\d\d|\d{1,2}:\d\d|\d{1,2}月\d{1,2}日")
_SPOKEN = re.compile(r"[零幺二三四五六七八九]{2,}|\d(?: \d){2,}")
_MARKS = re.compile(r"[，。；：？！、,.;:?!/ ]+")  # they are spoken otherwise than they are written
_OPTIONS = re.compile(r"回复：?[1-9]|Reply:? ?[1-9]")  # how SMS writes choices
_SHORTEST = 2


class Recorder:
    """Lines of a transcript."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._lines: list[str] = []

    def began(self, heard: Sequence[Heard]) -> None:
        """A call has begun."""
        if self._kind == "voice":
            self.did("call", heard)

    def did(self, done: str, heard: Sequence[Heard]) -> None:
        """Something was done, and answered; waiting for a text is nothing that was done."""
        if done == "" and self._kind != "voice":
            return
        self._lines.append(f"> {done or '...'}")
        for one in heard:
            if not one.over:
                self._lines += [f"< {piece}" for piece in self._pieces(one)]

    @property
    def text(self) -> str:
        """The transcript so far."""
        return "".join(f"{line}\n" for line in self._lines)

    def _pieces(self, heard: Heard) -> Iterator[str]:
        text = _OPTIONS.split(_SIGNATURE.sub("", heard.text))[0]
        for line in text.splitlines():
            parts = _MARKS.split(line) if self._kind == "voice" else _VARIES.split(line)
            for part in parts:
                piece = part.strip()
                if len(piece) >= _SHORTEST and not (
                    self._kind == "voice" and _SPOKEN.search(piece)
                ):
                    yield piece
