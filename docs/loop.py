"""One whole loop by a real run, as a table: what stands on the resident's phone, and what staff do beside it."""

import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from aiohttp import ClientSession, CookieJar

from docs.town import Clerk, Phone

NUMBER = "+8613800138001"
MATTER = "海淀区田村路街道阜石路第一社区5号楼暖气不热"
STREET, REVIEWER, DEPARTMENT = "tiancun", "tiancun-head", "haidian-cgw"
NAMES = {STREET: "田村路街道", REVIEWER: "田村路街道负责人", DEPARTMENT: "海淀区城管委"}
HEAD = "| 市民的手机 resident's phone | 工作人员的控制台 staff's console |\n| --- | --- |\n"

_CHANGING = (
    (re.compile(r"\d{6}-\d{6}-\d"), "YYMMDD-NNNNNN-C"),
    (re.compile(r"\d{1,2}月\d{1,2}日\d{1,2}:\d{2}"), "M月D日hh:mm"),
    (re.compile(r"\d{2}-\d{2} \d{2}:\d{2}"), "MM-DD hh:mm"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the transcript: what the resident `said` and `heard` (either may be empty), or what staff have `done`."""

    said: str = ""
    heard: str = ""
    done: str = ""


@dataclass(slots=True)
class Transcript:
    """What has happened so far, and at the end what the console keeps of it."""

    lines: list[Line] = field(default_factory=list)
    events: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The table, and the ticket's events below it."""
        rows = "".join(f"| {_phone(line)} | {line.done} |\n" for line in self.lines)
        events = "\n".join(self.events)
        return f"{HEAD}{rows}\nWhat the console shows of it (经过):\n\n```text\n{events}\n```\n"


def without_moments(text: str) -> str:
    """The same text for every run: ticket numbers and moments are left open."""
    for pattern, stands_for in _CHANGING:
        text = pattern.sub(stands_for, text)
    return text


@dataclass(frozen=True, slots=True)
class _Stage:
    """Who takes part, and who writes it down."""

    phone: Phone
    staff: dict[str, Clerk]
    transcript: Transcript

    async def say(self, *words: str) -> None:
        for one in words:
            self._note(Line(one, await self.phone.say(one)))

    async def hear(self) -> None:
        self._note(Line(heard=await self.phone.hear()))

    async def do(self, who: str, ticket_id: int, act: str, word: str, **fields: str) -> None:
        state = await self.staff[who].do(ticket_id, act, **fields)
        what = f"：{fields['text']}" if "text" in fields else ""
        self._note(Line(done=f"{NAMES[who]} **{word}**{what} → *{state}*"))

    async def review(self, ticket_id: int) -> None:
        state = await self.staff[REVIEWER].review(ticket_id)
        self._note(Line(done=f"{NAMES[REVIEWER]} **审核**：同意 → *{state}*"))

    async def look(self, who: str, ticket_id: int) -> None:
        state = await self.staff[who].state(ticket_id)
        self._note(Line(done=f"{NAMES[who]}的列表里：*{state}*"))

    def _note(self, line: Line) -> None:
        self.transcript.lines.append(line)


async def play_loop(url: str) -> Transcript:
    """Play the loop at a gateway that runs at `url`: solved at the second round."""
    transcript = Transcript()
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(ClientSession(url, cookie_jar=CookieJar(unsafe=True)))
            for _ in range(4)
        ]
        logins = (STREET, REVIEWER, DEPARTMENT)
        staff = {login: Clerk(clients[place], login) for place, login in enumerate(logins, 1)}
        for clerk in staff.values():
            await clerk.log_in()
        stage = _Stage(Phone(clients[0], NUMBER), staff, transcript)
        ticket_id = await _first_round(stage)
        await _second_round(stage, ticket_id)
        transcript.events = await staff[STREET].events(ticket_id)
    return transcript


async def _first_round(stage: _Stage) -> int:
    await stage.say(MATTER, "1")
    ticket_id = await stage.staff[STREET].newest()
    await stage.look(STREET, ticket_id)
    await stage.do(STREET, ticket_id, "sign", "签收")
    note = "约好下午两点上门"
    await stage.do(STREET, ticket_id, "contact", "记录联系", outcome="reached", note=note)
    await stage.do(
        STREET, ticket_id, "reply", "答复市民", text="今天下午两点上门检修，请家里留人。"
    )
    await stage.hear()
    await stage.say("查询", "1", "家里下午两点以后有人")
    await stage.do(DEPARTMENT, ticket_id, "assist", "协办答复", text="热力站压力正常，问题在楼内。")
    await stage.do(STREET, ticket_id, "resolve", "办结", text="已给5号楼立管排气，暖气恢复。")
    await stage.review(ticket_id)
    await stage.hear()
    await stage.say("1", "3", "3", "1", "管道排完气半天又凉了")
    return ticket_id


async def _second_round(stage: _Stage, ticket_id: int) -> None:
    await stage.look(STREET, ticket_id)
    await stage.do(STREET, ticket_id, "sign", "签收")
    await stage.do(STREET, ticket_id, "contact", "记录联系", outcome="reached", note="")
    await stage.do(DEPARTMENT, ticket_id, "assist", "协办答复", text="热力站已调高供水温度。")
    await stage.do(STREET, ticket_id, "resolve", "办结", text="已更换堵塞的阀门，室温20度。")
    await stage.review(ticket_id)
    await stage.hear()
    await stage.say("1", "1", "1", "1", "跳过")
    await stage.look(STREET, ticket_id)


def _phone(line: Line) -> str:
    return "<br>".join(_spoken(line))


def _spoken(line: Line) -> Iterator[str]:
    if line.said:
        yield f"► **{line.said}**"
    yield from line.heard.splitlines()
