"""The voice side of Twilio's stand-in: phones call us, we call phones, and those who wait meet those who come."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence

from gateway import clock
from gateway.simulator import meeting, performing
from gateway.simulator.acts import Connected, NotPickedUp
from gateway.simulator.call_forms import call_form, recording_form, status_form
from gateway.simulator.calls import Call, Calls, Form, Recording, Request
from gateway.simulator.faults import Faults, strikes
from gateway.simulator.leg import Leg, Step, where
from gateway.simulator.outgoing import ring
from gateway.simulator.rooms import Queue, Room
from gateway.simulator.texts import API_VERSION
from gateway.simulator.twiml import Verb

VOICE_PATH = "/webhooks/twilio/voice"
STATUS_PATH = "/webhooks/twilio/status"
PERFORMERS = {
    "Say": performing.say,
    "Play": performing.play,
    "Pause": performing.pause,
    "Gather": performing.gather,
    "Record": performing.record,
    "Start": performing.start,
    "Redirect": performing.redirect,
    "Hangup": performing.hang_up,
    "Reject": performing.reject,
    "Enqueue": meeting.enqueue,
    "Leave": meeting.leave,
    "Dial": meeting.dial,
}

Post = Callable[[str, Form], Awaitable[tuple[int, str]]]


class Switchboard:
    """All calls of an account. `timed`: words take time, and silence comes by itself (see `Leg`).

    `numbers` are those of the account, the usual one first; `api_url` says where recordings are fetched.
    """

    def __init__(
        self,
        *,
        sid: str,
        numbers: Sequence[str],
        public_url: str,
        post: Post,
        api_url: Callable[[], str],
        timed: bool = True,
    ) -> None:
        self.sid = sid
        self.numbers = tuple(numbers)
        self.timed = timed
        self.fallback_url = ""
        self.faults = Faults()
        self.calls = Calls()
        self.legs: dict[str, Leg] = {}
        self._voice_url = public_url + VOICE_PATH
        self._status_url = public_url + STATUS_PATH
        self._post = post
        self._api_url = api_url
        self._queues: dict[str, Queue] = {}
        self._rooms: dict[str, Room] = {}
        self._asked = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # Phones

    async def call(self, phone: str, line: str = "", *, timed: bool | None = None) -> Leg:
        """Let `phone` call us, at `line`; returns when it has heard what it is to answer to."""
        call = self._new(phone, line or self.numbers[0], "inbound", "ringing")
        call.answered_at = clock.now()
        leg = self._leg(call, timed=timed)
        self._start(leg.run(Step(self._voice_url)))
        await leg.settled()
        return leg

    def place(self, call: Call, step: Step, *, detect: str = "", timed: bool | None = None) -> Leg:
        """Ring a phone, and perform the document once it is answered. `detect`: whether machines are told from people."""
        leg = self._leg(self.calls.add(call), timed=timed)
        self._start(ring(leg, step, detect, self.report))
        return leg

    def dial(self, parent: Leg, noun: Verb, here: str, dial: Verb) -> Leg:
        """Ring somebody for a leg that waits, let them hear the whisper, then connect the two."""
        caller = dial.attributes.get("callerId") or parent.call.sender
        call = self.outgoing(caller, noun.text, "outbound-dial")
        call.parent_sid = parent.call.sid
        call.ring_seconds = dial.whole("timeout", 30)
        call.callback_url = where(noun, "statusCallback", here)
        whisper = where(noun, "url", here)
        leg = self._leg(self.calls.add(call), timed=parent.timed)
        self._start(self._bridge(parent, leg, Step(whisper) if whisper else None))
        return leg

    def outgoing(self, sender: str, receiver: str, direction: str) -> Call:
        """A call to a phone that is yet to be placed."""
        return Call(f"CA{clock.new_id()}", sender, receiver, direction, "queued", clock.now())

    async def _bridge(self, parent: Leg, leg: Leg, whisper: Step | None) -> None:
        async def connect() -> None:
            if whisper is not None:
                await leg.follow(whisper, "whisper")
            room = Room(leg.call.receiver, bridge=True)
            parent.post(Connected(room))
            await meeting.talk(leg, room)

        await ring(leg, None, "", self.report, connect)
        parent.post(NotPickedUp(leg.call.status if leg.call.answered_at is None else "no-answer"))

    def _new(self, sender: str, receiver: str, direction: str, status: str) -> Call:
        sid = f"CA{clock.new_id()}"
        return self.calls.add(Call(sid, sender, receiver, direction, status, clock.now()))

    def _leg(self, call: Call, *, timed: bool | None) -> Leg:
        leg = Leg(
            self,
            call,
            PERFORMERS,
            timed=self.timed if timed is None else timed,
            fallback_url=self.fallback_url,
        )
        self.legs[call.sid] = leg
        return leg

    # What legs ask for

    async def ask(self, call: Call, url: str, form: Form, *, reading: bool) -> tuple[int, str]:
        """Post what is signed. A repeated request must get the same answer, or the call complains."""
        whole = [*call_form(call, self.sid), *form]
        self._asked += 1
        if strikes(self.faults.delay_every, self._asked):
            await asyncio.sleep(self.faults.delay_seconds)
        if strikes(self.faults.repeat_every, self._asked):
            first = await self._post(url, whole)
            second = await self._post(url, whole)
            if first != second and not reading:
                self.calls.line(call, "complaint", f"asked again, {url} answered otherwise")
        else:
            second = await self._post(url, whole)
        call.requests.append(Request(url, tuple(whole), *second))
        if call.is_inbound and call.status == "ringing":
            call.status = "in-progress"
        return second

    async def again(self, request: Request) -> tuple[int, str]:
        """Make a request of a call once more, be it late."""
        return await self._post(request.url, list(request.form))

    async def finish(self, call: Call) -> None:
        """Tell the gateway what became of a call."""
        self.legs.pop(call.sid, None)
        if call.is_inbound:
            await self._post(self._status_url, status_form(call, self.sid, call.status))
        else:
            await self.report(call, "completed")

    async def report(self, call: Call, event: str) -> None:
        """A report on a call of ours, where it was asked for."""
        if call.callback_url and event in call.callback_events:
            await self._post(call.callback_url, status_form(call, self.sid, call.status))
            call.reports += 1

    async def recorded(self, call: Call, seconds: int, source: str, callback: str) -> Form:
        """Keep a recording, and report on it."""
        recording = Recording(f"RE{clock.new_id()}", call.sid, seconds, source, clock.now())
        self.calls.keep(call, recording)
        url = f"{self._api_url()}/{API_VERSION}/Accounts/{self.sid}/Recordings/{recording.sid}"
        if callback:
            self._start(self._quietly(callback, recording_form(recording, self.sid, url)))
        return [
            ("RecordingUrl", url),
            ("RecordingSid", recording.sid),
            ("RecordingDuration", str(seconds)),
        ]

    async def _quietly(self, url: str, form: Form) -> None:
        await self._post(url, form)

    def queue(self, name: str) -> Queue:
        """The queue of that name, made when it is asked for first."""
        return self._queues.setdefault(name, Queue(name, f"QU{clock.new_id()}"))

    def room(self, name: str) -> Room:
        """The conference of that name; it begins anew once everybody has left."""
        return self._rooms.setdefault(name, Room(name))

    # Running

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Drop all calls."""
        self.calls.changes.wake()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
