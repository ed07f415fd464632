"""A resident at a terminal: writes, presses and calls at a running `jiesu dev`, through what its simulated phones ask for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import aiohttp

from gateway import clock

NOTICE_SECONDS = 8.0  # how long an answer is waited for that comes by itself
POLL_SECONDS = 0.1
OVER = "（已挂断）"
JSON = dict[str, Any]  # what the gateway tells, as it is written


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that the city says; `choices` are labels with what pressing them sends."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()
    place: int = 0  # the prompt or message that the choices hang on
    over: bool = False  # a call has ended


class Phone(Protocol):
    """One way to talk with the city."""

    async def begin(self) -> Sequence[Heard]:
        """What is there before anything is done."""

    async def write(self, text: str) -> Sequence[Heard]:
        """Say something in words; nothing at all waits for what comes."""

    async def press(self, heard: Heard, choice: str, label: str) -> Sequence[Heard]:
        """Press a button."""


@dataclass
class Site:
    """The running gateway."""

    http: aiohttp.ClientSession
    url: str

    async def post(self, path: str, value: JSON) -> JSON:
        """Post JSON; raises `aiohttp.ClientError`."""
        async with self.http.post(self.url + path, json=value) as response:
            response.raise_for_status()
            answer: JSON = await response.json()
            return answer

    async def get(self, path: str) -> JSON:
        """Ask for JSON; raises `aiohttp.ClientError`."""
        async with self.http.get(self.url + path) as response:
            response.raise_for_status()
            answer: JSON = await response.json()
            return answer


@dataclass
class Web:
    """The page for residents."""

    site: Site
    seen: int = 0

    async def begin(self) -> Sequence[Heard]:
        """A browser that was never here."""
        return ()

    async def write(self, text: str) -> Sequence[Heard]:
        """Send a message."""
        return await (self._send(text=text) if text else self._news())

    async def press(self, heard: Heard, choice: str, label: str) -> Sequence[Heard]:
        """Press a button."""
        del label
        return await self._send(choice=choice, prompt=heard.place)

    async def _send(self, **said: object) -> Sequence[Heard]:
        posted = await self.site.post("/chat/messages", {"id": clock.new_id(), **said})
        return self._new(posted.get("messages", ()))

    async def _news(self) -> Sequence[Heard]:
        return self._new((await self.site.get(f"/chat/messages?after={self.seen}"))["messages"])

    def _new(self, entries: Sequence[JSON]) -> Sequence[Heard]:
        found = []
        for entry in entries:
            if entry["seq"] > self.seen and entry["ours"]:
                choices = tuple((one["label"], one["id"]) for one in entry.get("choices", ()))
                found.append(Heard(entry.get("text", ""), choices, entry.get("prompt", 0)))
            self.seen = max(self.seen, entry["seq"])
        return found


@dataclass
class Texting:
    """SMS or WhatsApp."""

    site: Site
    number: str
    whatsapp: bool = False
    seen: set[str] = field(default_factory=set)

    async def begin(self) -> Sequence[Heard]:
        """What came before is known already."""
        await self._news()
        return ()

    async def write(self, text: str) -> Sequence[Heard]:
        """Send a message."""
        if text:
            await self.site.post(self._path, {"phone": self.number, "body": text})
        return await until(self._news)

    async def press(self, heard: Heard, choice: str, label: str) -> Sequence[Heard]:
        """Press a button of WhatsApp, or pick a line of its list."""
        pressed = {"phone": self.number, "body": label, "payload": choice}
        await self.site.post(self._path, {**pressed, "is_list": bool(heard.place)})
        return await until(self._news)

    @property
    def _path(self) -> str:
        return "/simulator/whatsapp" if self.whatsapp else "/simulator/texts"

    async def _news(self) -> Sequence[Heard]:
        who = ("whatsapp%3A" if self.whatsapp else "") + self.number.replace("+", "%2B")
        texts = (await self.site.get(f"/simulator/texts?wait=0&phone={who}"))["texts"]
        new = [one for one in texts if not one["mine"] and one["sid"] not in self.seen]
        self.seen |= {one["sid"] for one in new}
        return [
            Heard(one["body"], tuple((a, b) for a, b in one["choices"]), int(one["is_list"]))
            for one in new
        ]


@dataclass
class Telegram:
    """A chat with the bot."""

    site: Site
    chat: int
    seen: int = 0

    async def begin(self) -> Sequence[Heard]:
        """What came before is known already."""
        await self._news()
        return ()

    async def write(self, text: str) -> Sequence[Heard]:
        """Send a message."""
        if text:
            await self._act(act="write", text=text)
        return await until(self._news)

    async def press(self, heard: Heard, choice: str, label: str) -> Sequence[Heard]:
        """Press a button below a message."""
        del label
        await self._act(act="press", message=heard.place, data=choice)
        return await until(self._news)

    async def _act(self, **done: object) -> None:
        await self.site.post("/simulator/telegram/acts", {"chat": self.chat, **done})

    async def _news(self) -> Sequence[Heard]:
        says = (await self.site.get("/simulator/telegram/talks?wait=0"))["says"]
        new = [
            one
            for one in says
            if one["chat"] == self.chat and not one["mine"] and one["message"] > self.seen
        ]
        self.seen = max([self.seen, *(one["message"] for one in new)])
        return [Heard(one["text"], _buttons(one["buttons"]), one["message"]) for one in new]


def _buttons(rows: Sequence[Sequence[JSON]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one["text"], one["callback_data"]) for row in rows for one in row if "callback_data" in one
    )


@dataclass
class Voice:
    """A phone call: `#1` presses a key, nothing at all is silence, `挂断` or `hang up` ends it."""

    site: Site
    number: str
    sid: str = ""
    read: int = 0

    async def begin(self) -> Sequence[Heard]:
        """Call; no time passes while something is said."""
        call = await self.site.post("/simulator/voice/call", {"phone": self.number, "timed": False})
        self.sid = call["sid"]
        return self._new(call)

    async def write(self, text: str) -> Sequence[Heard]:
        """Speak, press, be silent, hang up."""
        if text in {"挂断", "hang up"}:
            return await self._act(act="hang_up")
        if text.startswith("#"):
            return await self._act(act="keys", keys=text[1:])
        return await (self._act(act="say", words=text) if text else self._act(act="silence"))

    async def press(self, heard: Heard, choice: str, label: str) -> Sequence[Heard]:
        """A call has no buttons."""
        del heard, label
        return await self.write(f"#{choice}")

    async def _act(self, **done: object) -> Sequence[Heard]:
        return self._new(await self.site.post("/simulator/voice/act", {"sid": self.sid, **done}))

    def _new(self, call: JSON) -> Sequence[Heard]:
        lines = call["lines"][self.read :]
        self.read = len(call["lines"])
        heard = [Heard(one["text"]) for one in lines if one["kind"] in {"say", "other"}]
        return [*heard, Heard(OVER, over=True)] if call["over"] else heard


class _News(Protocol):
    async def __call__(self) -> Sequence[Heard]:
        """What has come since this was asked last."""


async def until(news: _News) -> Sequence[Heard]:
    """What comes next, or nothing after a while."""
    ends = clock.monotonic() + NOTICE_SECONDS
    while clock.monotonic() < ends:
        found = await news()
        if found:
            return found
        await asyncio.sleep(POLL_SECONDS)
    return ()


def phone(kind: str, site: Site, address: str) -> Phone:
    """The phone of that kind."""
    match kind:
        case "sms":
            return Texting(site, address)
        case "whatsapp":
            return Texting(site, address, whatsapp=True)
        case "telegram":
            return Telegram(site, int(address.removeprefix("+")[-9:]))
        case "voice":
            return Voice(site, address)
        case _:
            return Web(site)
