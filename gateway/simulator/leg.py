"""One leg of a call: it asks the gateway for documents, performs them, and heeds what happens at the phone.

With `timed`, words take the time that saying them takes, and silence comes by itself. Without, time stands still until
`Silent` says that it has passed: so a test has no need to wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from gateway import clock
from gateway.simulator.acts import Act, Connected, HungUp, Keyed, Parted, Redirected, Silent, Spoken
from gateway.simulator.calls import Call, Calls, Form
from gateway.simulator.rooms import Queue, Room
from gateway.simulator.twiml import Document, Verb, read_document

OK = 200
MOST_DOCUMENTS = 500  # of one call: whoever is asked more often runs in a circle
SYLLABLES_A_SECOND = 4.5
LETTERS_A_SECOND = 15.0
APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."


class HungUpError(Exception):
    """Nobody is on the line any more. `status` is what the call ended as."""

    def __init__(self, status: str = "completed") -> None:
        super().__init__(status)
        self.status = status


class RedirectedError(Exception):
    """The call goes on elsewhere."""

    def __init__(self, step: "Step") -> None:
        super().__init__(step.url)
        self.step = step


class LeftError(Exception):
    """The caller leaves the queue."""


class DequeuedError(Exception):
    """Somebody has taken the call out of the queue."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.name)
        self.room = room


@dataclass(frozen=True, slots=True)
class Step:
    """Where a document is asked for, and with which fields besides those of every request; or the document itself."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    twiml: str = ""


class Network(Protocol):
    """What a leg asks of the exchange."""

    calls: Calls

    async def ask(self, call: Call, url: str, form: Form, *, reading: bool) -> tuple[int, str]:
        """Post what is signed; `reading`: the answer may differ when asked again."""

    async def finish(self, call: Call) -> None:
        """Tell the gateway what became of a call."""

    async def recorded(self, call: Call, seconds: int, source: str, callback: str) -> Form:
        """Keep a recording, report on it, and give the fields that name it."""

    def queue(self, name: str) -> Queue:
        """The queue of that name."""

    def room(self, name: str) -> Room:
        """The conference of that name."""

    def dial(self, parent: "Leg", noun: Verb, here: str, dial: Verb) -> "Leg":
        """Ring somebody for a leg."""


Performer = Callable[["Leg", Verb, str], Awaitable[Step | None]]


class Leg:
    """See above; `performers` know what each verb does."""

    def __init__(
        self,
        network: Network,
        call: Call,
        performers: Mapping[str, Performer],
        *,
        timed: bool,
        fallback_url: str = "",
    ) -> None:
        self.network = network
        self.call = call
        self.timed = timed
        self.queue: Queue | None = None  # where it waits for a person
        self.over = asyncio.Event()
        self.recordings: list[tuple[float, str]] = []  # of the whole call: begun at, status URL
        self._performers = performers
        self._fallback_url = fallback_url
        self._acts: asyncio.Queue[Act] = asyncio.Queue()
        self._idle = asyncio.Event()
        self._blocked = False
        self._documents = 0

    # What happens at the phone

    def post(self, act: Act) -> None:
        """Let something happen, and do not wait for what follows."""
        self._idle.clear()
        self._acts.put_nowait(act)

    async def act(self, act: Act) -> None:
        """Let something happen; returns when the leg waits again, or is over."""
        if not self.over.is_set():
            self.post(act)
            await self.settled()

    async def settled(self) -> None:
        """Return when the leg waits for something to happen, or is over."""
        waiting = [asyncio.ensure_future(one.wait()) for one in (self._idle, self.over)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in waiting:
            one.cancel()

    def hear(self, text: str) -> None:
        """Somebody on the other end has said something."""
        self.note("other", text)

    def part(self) -> None:
        """Nobody is on the other end any more."""
        self.post(Parted())

    def connect(self, room: Room) -> None:
        """Somebody takes the call out of its queue."""
        self.post(Connected(room))

    def hang_up(self, status: str = "completed") -> None:
        """End the call from outside."""
        self.post(HungUp(status))

    def note(self, kind: str, text: str, language: str = "") -> None:
        """Write down what is heard or done."""
        self.network.calls.line(self.call, kind, text, language)

    # The time between

    async def next_act(self, seconds: float | None, waits: str) -> Act:
        """What happens next, `Silent` after the time; raises when it is the end, or goes on elsewhere."""
        self._blocked = True
        self.call.waits = waits
        self.network.calls.note(self.call)
        try:
            act = await self._wait(seconds)
        finally:
            self.call.waits = ""
        match act:
            case HungUp(status):
                raise HungUpError(status)
            case Redirected(url, twiml):
                raise RedirectedError(Step(url, twiml=twiml))
            case Connected(room) if self.queue is not None:
                raise DequeuedError(room)
            case Keyed(keys):
                self.note("key", keys)
            case Spoken(text):
                self.note("speech", text)
            case _:
                pass
        return act

    async def _wait(self, seconds: float | None) -> Act:
        if self._acts.empty():
            self._idle.set()
        if not self.timed or seconds is None:
            return await self._acts.get()
        try:
            async with asyncio.timeout(max(seconds, 0)):
                return await self._acts.get()
        except TimeoutError:
            self._idle.clear()
            return Silent()

    async def sound(self, seconds: float, *, waits: str = "") -> Act | None:
        """Let words or music be heard; whoever may interrupt (`waits`) does, everybody else is not listened to."""
        if not self.timed:
            return None
        ends_at = clock.monotonic() + seconds
        while (left := ends_at - clock.monotonic()) > 0:
            act = await self.next_act(left, waits)
            if waits and not isinstance(act, Silent):
                return act
        return None

    async def pause(self, seconds: float) -> None:
        """Let time pass in a queue; where it stands still, somebody says that it has passed."""
        if self.timed:
            await self.sound(seconds)
        elif self.queue is not None:
            await self.next_act(None, "queue")

    # Documents

    async def run(self, step: Step | None) -> None:
        """Perform documents until the call is over."""

        async def perform() -> None:
            following = step
            while following is not None:
                try:
                    following = await self.follow(following)
                except RedirectedError as moved:
                    following = moved.step

        await self.last(perform)

    async def last(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do something until somebody hangs up, or it is done; then the call is over."""
        status = "completed"
        try:
            await work()
        except HungUpError as end:
            status = end.status
        except RedirectedError:
            pass
        await self._end(status)

    async def _end(self, status: str) -> None:
        self.call.ended_at = clock.now()
        self.call.status = status
        self.call.waits = ""
        self.note("note", status)
        for begun_at, callback in self.recordings:
            seconds = round(clock.monotonic() - begun_at)
            await self.network.recorded(self.call, seconds, "StartCallRecordingTwiML", callback)
        await self.network.finish(self.call)
        self.over.set()

    async def follow(self, step: Step, kind: str = "call") -> Step | None:
        """Ask for a document and perform it; returns where to go on, None at its end."""
        document = await self._open(step, kind)
        for complaint in document.complaints:
            self.note("complaint", complaint)
        if not document.readable:
            self.fail("12100")
        self._blocked = False
        for verb in document.verbs:
            performer = self._performers.get(verb.name)
            following = None if performer is None else await performer(self, verb, step.url)
            if following is not None:
                return following
        if kind == "wait" and not self._blocked:
            await self.pause(0)
        return None

    async def _open(self, step: Step, kind: str) -> Document:
        self._documents += 1
        if self._documents > MOST_DOCUMENTS:
            self.fail("more documents than any call needs")
        if step.twiml:
            return read_document(step.twiml, kind)
        queue = self.queue.form(self) if self.queue is not None else []
        form = (*step.form, *queue)
        status, body = await self.request(step.url, form, reading=kind == "wait")
        if status != OK and self._fallback_url:
            error = (("ErrorCode", "11200"), ("ErrorUrl", step.url))
            status, body = await self.request(self._fallback_url, (*form, *error))
        if status != OK:
            self.fail(f"11200 HTTP retrieval failure: {status} from {step.url}")
        return read_document(body, kind)

    async def request(
        self, url: str, form: tuple[tuple[str, str], ...] = (), *, reading: bool = False
    ) -> tuple[int, str]:
        """Ask the gateway."""
        return await self.network.ask(self.call, url, list(form), reading=reading)

    def fail(self, why: str) -> None:
        """End a call that cannot go on, as Twilio does: with its own words."""
        self.note("complaint", why)
        self.note("say", APPLICATION_ERROR, "en")
        raise HungUpError


def where(verb: Verb, attribute: str, here: str) -> str:
    """The URL that an attribute names, relative to the document that it stands in; "" for none."""
    url = verb.attributes.get(attribute, "")
    return urljoin(here, url) if url else ""


def spoken_seconds(text: str) -> float:
    """How long saying it takes: by syllables for Chinese, by letters for others."""
    syllables = sum("\u3400" <= character <= "\u9fff" for character in text)
    return syllables / SYLLABLES_A_SECOND + (len(text) - syllables) / LETTERS_A_SECOND
