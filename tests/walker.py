"""A city in which anybody does anything: residents who write, staff of every role who send any form, time that passes.

Forms are those of the console (`FORMS`), filled in at random, so that an act added there is walked through as well.
"""

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple

from dialogs.ticket_number import format_number
from dialogs.words import Role, TicketState
from gateway.console.acts import ACTS
from gateway.console.case.form import Asked, Field, Input, Sent, Upload
from gateway.console.case.offers import FORMS
from handlers.case import ActError, By
from handlers.contact import Outcome
from handlers.permits import hold_of, possible
from handlers.staff_acts import StaffAct
from handlers.ticket_view import view_ticket
from store import casework
from store.database import Connection, Pool
from store.staff import NewStaff, Staff, add_staff
from store.units import unit_ids
from tests.conftest import empty
from tests.office import Office, open_office

TIANCUN, CGW, DISTRICT, OTHER = "110108021", "110108-cgw", "110108", "110101001"
UNIT_CODES = (TIANCUN, CGW, DISTRICT, OTHER, "110101", "ent-heat", "ent-power", "city-cgw")
R = Role
# login: roles, unit ("" is the centre). Two of a kind where a second person has to agree.
CAST: dict[str, tuple[tuple[Role, ...], str]] = {
    "intake": ((R.INTAKE, R.DISPATCHER), ""),
    "second": ((R.INTAKE, R.DISPATCHER, R.COORDINATOR, R.ADMIN), ""),
    "quality": ((R.QUALITY, R.SURVEYOR), ""),
    "supervisor": ((R.SUPERVISOR,), ""),
    "supervisor2": ((R.SUPERVISOR, R.COORDINATOR), ""),
    "discipline": ((R.DISCIPLINE,), ""),
    "no one": ((), ""),
    "tiancun desk": ((R.DESK,), TIANCUN),
    "tiancun handler": ((R.HANDLER,), TIANCUN),
    "tiancun head": ((R.HEAD, R.REVIEWER), TIANCUN),
    "cgw desk": ((R.DESK, R.HANDLER), CGW),
    "cgw head": ((R.HEAD, R.REVIEWER), CGW),
    "district": ((R.HEAD, R.DISTRICT_ADMIN, R.SUPERVISOR), DISTRICT),
    "district desk": ((R.DESK, R.HANDLER), DISTRICT),
    "other": ((R.DESK, R.HANDLER, R.HEAD), OTHER),
    "other district": ((R.HEAD, R.DESK), "110101"),
    "heat": ((R.DESK, R.HANDLER, R.HEAD), "ent-heat"),
    "power": ((R.DESK, R.HANDLER), "ent-power"),
    "city": ((R.DESK, R.HANDLER, R.HEAD), "city-cgw"),
}
MATTERS = (
    "海淀区田村路街道阜石路第一社区5号楼暖气不热",
    "海淀区田村路街道阜石路第一社区路灯不亮",
    "海淀区田村路街道阜石路第一社区垃圾没人清运",
    "海淀区田村路街道电线杆断了",
    "举报海淀区田村路街道阜石路第一社区有人违建",
    "表扬田村路街道的小王，帮我修好了水管",
    "海淀区田村路街道北京移动的预付卡退费难",
)
WORDS = (
    *(
        "催单",
        "查询",
        "补充",
        "家里有老人，请快一点",
        "撤单",
        "没解决",
        "解决了",
        "1",
        "2",
        "3",
        "4",
    ),
    *("有", "没有", "满意", "不满意", "分开办", "谢谢", "TD", "START", "人工", "不用了"),
)
SPANS = tuple(timedelta(minutes=minutes) for minutes in (5, 40, 150, 600, 1500, 4000, 9000, 25000))
PHOTO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
LATEST = 200  # events that the checks read
OUTCOMES = (Outcome.REACHED, *Outcome)
NO_SUBJECT = "nothing to do it to"
TRIES = 6
A = StaffAct
# What the days of a unit are made of comes up more often than what happens once a year.
WEIGHTS: Mapping[StaffAct, int] = {
    **dict.fromkeys((A.SIGN, A.CONTACT, A.RESOLVE, A.REVIEW), 8),
    **dict.fromkeys((A.REPORT_IN, A.WHISTLE_OPINION, A.CLOSE_WHISTLE, A.SCREEN, A.DECIDE), 5),
    **dict.fromkeys((A.OPINE, A.DECIDE_COORDINATION, A.REVIEW_HOLD, A.ANSWER_SUPERVISION), 4),
}


class Dice(NamedTuple):
    """What one step is decided by."""

    what: int
    who: int
    which: int
    act: int
    seed: int


def thrown(seed: int) -> Dice:
    """The dice of a seed, evenly; 0 is a step on which nothing happens, to which a failing walk is shrunk."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    what, *others = (chance.randrange(2**16) for _ in Dice._fields)
    return Dice(what if seed else 0, *others)


@dataclass
class Walk:
    """A city in the middle of a walk; `said` tells what was done, for whoever reads of a failure."""

    office: Office
    tickets: list[int] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    _forms: int = 0

    def by(self, login: str) -> By:
        """Somebody of the cast, with a fresh form."""
        roles, unit = CAST[login]
        self._forms += 1
        return By(
            self.office.staff_ids[login],
            login,
            self.office.units.get(unit),
            frozenset(roles),
            f"walk-{id(self)}-{self._forms}",
            self.office.at,
        )

    async def step(self, dice: Dice) -> None:
        """Do one thing."""
        self.office.at += timedelta(minutes=1 + dice.seed % 7)
        kind = dice.what % 10
        if kind == 0:
            await self._write(dice)
        elif kind == 1:
            await self._wait(dice)
        else:
            await self._act(dice, lawful=kind != 2)

    async def _write(self, dice: Dice) -> None:
        phone = self.phone(dice.which)
        text = WORDS[dice.act % len(WORDS)]
        self.done.append(f"{phone}: {text}")
        await self.office.say(text, phone=phone)

    def phone(self, which: int) -> str:
        """The number of one of the residents."""
        return f"+86138{which % len(self.tickets):08d}"

    async def _wait(self, dice: Dice) -> None:
        span = SPANS[dice.act % len(SPANS)]
        self.done.append(f"{span} later")
        await self.office.ring(span)
        await deliver(self.office)
        await self.office.ring()

    async def _act(self, dice: Dice, *, lawful: bool) -> None:
        """Send a form: one that is offered to somebody, or (not `lawful`) any at all, by anybody."""
        ticket_id = self.tickets[dice.which % len(self.tickets)]
        offered = await self._offered(ticket_id)
        chance = random.Random(dice.act)  # noqa: S311 - a test's dice
        acts = [act for act in StaffAct if act in FORMS or act in ACTS]
        if lawful:
            acts = [act for act in acts if any(act in of for of in offered.values())]
        weights = [WEIGHTS.get(act, 1) if lawful else 1 for act in acts]
        for act in chance.choices(acts, weights, k=TRIES):
            logins = [login for login, of in offered.items() if act in of] if lawful else [*CAST]
            login = logins[dice.who % len(logins)]
            was = await self.state(ticket_id)
            outcome = await self._send(login, ticket_id, act, dice.seed)
            if outcome == NO_SUBJECT and lawful:
                continue  # the page would not have shown this form
            self.done.append(f"{login} {act} {ticket_id}: {outcome or 'done'}")
            if outcome is not None:
                assert await self.state(ticket_id) == was, self.done[-1]
            elif act not in offered[login]:
                raise AssertionError(f"{login} may not {act} {ticket_id}, and did")
            return

    async def _offered(self, ticket_id: int) -> dict[str, list[StaffAct]]:
        """What each of the cast may do to a ticket now."""
        async with self.office.pool.acquire() as connection:
            shares = await casework.shares(connection, ticket_id)
            row = await connection.fetchrow(
                "select state, joined_to is not null as joined from tickets where id = $1",
                ticket_id,
            )
        if row is None:
            raise LookupError(ticket_id)
        found: dict[str, list[StaffAct]] = {}
        for login, (roles, unit) in CAST.items():
            hold = hold_of(self.office.units.get(unit), shares)
            if hold is not None:
                hold = replace(hold, joined=row["joined"])
                found[login] = possible(TicketState(row["state"]), hold, frozenset(roles))
            else:
                found[login] = []
        return found

    async def _send(self, login: str, ticket_id: int, act: StaffAct, seed: int) -> str | None:
        """Send one form; returns why it was refused, None when it was done."""
        chance, who = random.Random(seed), self.by(login)  # noqa: S311 - a test's dice
        try:
            async with self.office.pool.acquire() as connection, connection.transaction():
                sent, doing = await self._filled(connection, who, ticket_id, act, chance)
                form = FORMS.get(act)
                if form is not None and form.subjects is not None and not sent.subject:
                    return NO_SUBJECT
                await doing(connection, sent)
        except ActError as refused:
            return str(refused) or type(refused).__name__
        return None

    async def _filled(
        self, connection: Connection, who: By, ticket_id: int, act: StaffAct, chance: random.Random
    ) -> tuple[Sent, Callable[[Connection, Sent], Awaitable[None]]]:
        world = self.office.world
        form = FORMS.get(act)
        if form is None:
            plain = {name: value(chance, self) for name, value in PLAIN.items()}
            return Sent(world, who, ticket_id, plain), ACTS[act]
        view = await view_ticket(connection, who.unit_id, who.roles, ticket_id)
        if view is None:
            return Sent(world, who, ticket_id, _Blank()), form.do
        staff = _staff(who)
        asked = Asked(world, view, staff, who.at)
        subjects = await form.subjects(connection, asked) if form.subjects else ()
        subject = chance.choice(list(subjects)) if subjects else None
        fields = form.fields + (subject.fields if subject else ())
        fields += await form.more(connection, asked) if form.more else ()
        many = {one.name: typed(one, asked, chance) for one in fields}
        ones = _Blank({name: values[0] for name, values in many.items() if values})
        files = [
            Upload("photo.png", PHOTO, "photo", "image/png")
            for one in fields
            if one.input is Input.FILES and chance.random() < 0.7
        ]
        number = subject.id if subject else 0
        return Sent(world, who, ticket_id, ones, number, many, files), form.do

    async def state(self, ticket_id: int) -> object:
        """All that a refused act must leave as it was."""
        return [
            tuple(row)
            for row in await self.office.rows(
                "select t.*, (select count(*) from ticket_events e where e.ticket_id = t.id),"
                " (select string_agg(a.unit_id || a.role || a.state, ',' order by a.id)"
                "  from assignments a where a.ticket_id = t.id) from tickets t where t.id = $1",
                ticket_id,
            )
        ]


def typed(one: Field, asked: Asked, chance: random.Random) -> list[str]:
    """What is typed into a field: mostly something that fits, now and then nothing."""
    if chance.random() < (0.03 if one.needed else 0.5):
        return [""]
    options = [value for value, _ in one.options(asked)] if one.options else []
    if one.input is Input.CHECKS:
        return chance.sample(options, min(len(options), 2)) or [""]
    if one.input is Input.SELECT:
        return [chance.choice(options or [""])]
    return [TYPED.get(one.input, TYPED[Input.AREA])(asked, chance)]


TYPED: Mapping[Input, Callable[[Asked, random.Random], str]] = {
    Input.UNIT: lambda _, chance: chance.choice(UNIT_CODES),
    Input.UNITS: lambda _, chance: "\n".join(chance.sample(UNIT_CODES, 3)),
    Input.NUMBER: lambda _, chance: str(chance.choice((1, 2, 5, 8, 30))),
    Input.DATE: lambda asked, chance: _later(asked, chance, "%Y-%m-%d"),
    Input.MOMENT: lambda asked, chance: _later(asked, chance, "%Y-%m-%dT%H:%M"),
    Input.AREA: lambda _, chance: chance.choice(("已安排人员到现场查看", "请尽快办理", "情况属实")),
}


def _later(asked: Asked, chance: random.Random, form: str) -> str:
    return format(asked.now + timedelta(days=chance.choice((1, 3, 20))), form)


class _Blank(dict[str, str]):
    """A form as the console reads it: a field that was not sent is empty."""

    def __missing__(self, key: str) -> str:
        return ""


# The fields of the forms that stand in the page's own template.
PLAIN: Mapping[str, Callable[[random.Random, Walk], str]] = {
    "text": lambda chance, _: chance.choice(("已到现场处理完毕", "情况说明", "")),
    "outcome": lambda chance, _: chance.choice(OUTCOMES),
    "note": lambda chance, _: chance.choice(("", "约了明天上门")),
    "unit": lambda chance, _: chance.choice(UNIT_CODES),
    "assist": lambda chance, _: chance.choice(("", *UNIT_CODES)),
    "kind": lambda _, __: "",
    "topic": lambda chance, _: chance.choice(("", "T001", "T031")),
    "grade": lambda chance, _: chance.choice(("", "I", "II", "III")),
    "place": lambda _, __: "",
    "other": lambda chance, walk: format_number(chance.choice(walk.tickets)),
}


def _staff(who: By) -> Staff:
    return Staff(who.staff_id, who.name, who.name, who.roles, who.unit_id, "", "", "")


async def deliver(office: Office) -> None:
    """Let everything that waits be delivered."""
    await office.pool.execute(
        "update outbox set state = 'delivered', sent_at = coalesce(sent_at, $1),"
        " part_states = replace(part_states, 'p', 'd') where state in ('offered', 'pending')",
        office.at,
    )


async def open_walk(office: Office, matters: Sequence[int]) -> Walk:
    """A walk through fresh tickets of as many residents."""
    walk = Walk(office)
    for place, matter in enumerate(matters):
        phone = f"+86138{place:08d}"
        walk.tickets.append(await _opened(office, MATTERS[matter % len(MATTERS)], phone))
    return walk


async def _opened(office: Office, matter: str, phone: str) -> int:
    """A ticket of this resident's own: every question is answered with the first choice."""
    await office.say(matter, phone=phone)
    newest = "select max(t.id) from tickets t join conversations c on c.id = t.conversation_id"
    newest += " join addresses a on a.id = c.address_id where a.hash = $1"
    where = office.world.address_hash("sms", phone)
    for _ in range(4):
        await office.say("1", phone=phone)
        ticket_id: int | None = await office.value(newest, where)
        if ticket_id is not None:
            return ticket_id
    raise AssertionError(f"no ticket came of “{matter}”")


async def open_city(pool: Pool) -> Office:
    """An office with the whole cast in it, in a city without a past."""
    async with pool.acquire() as connection:
        await empty(connection)
    office = await open_office(pool)
    async with office.pool.acquire() as connection:
        codes = {unit for _, unit in CAST.values() if unit}
        units = await unit_ids(connection, codes)
        new = [
            NewStaff(login, login, "", roles, units.get(unit))
            for login, (roles, unit) in CAST.items()
        ]
        await add_staff(connection, new, office.at)
        await connection.execute(
            "insert into media (id, sha256, content_type, size, created_at) values ('photo', '', 'image/png', $1, $2)",
            len(PHOTO),
            office.at,
        )
        rows = await connection.fetch("select login, id from staff")
    office.units.update(units)
    office.staff_ids.update({row["login"]: row["id"] for row in rows})
    return office
