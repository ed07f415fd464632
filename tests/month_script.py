"""The parts that stories of the scripted month are made of; each counts what it expects of the tables as it happens."""

import random
from collections import Counter, defaultdict
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dialogs.said import Said
from dialogs.words import Moment
from handlers.contact import record_contact
from handlers.decide import Deciding, decide
from handlers.reply import reply
from handlers.resolve import answer_as_assist, resolve
from handlers.return_unit import REASONS
from handlers.sign import sign
from handlers.staff_acts import StaffAct
from tests.month import Ask, Do, Month, Newest, Say, Step, Wait
from tests.month_city import DISTRICTS, SUCCESSORS, Matter
from tests.month_clocks import Act, reckoned

Part = Generator[Step, Any, Any]
OPEN_APPLICATION = """
    select id from applications where ticket_id = $1 and kind = $2 and state = 'open'
"""
LAST_HEARD = """
    select o.reply from outbox o join addresses a on a.id = o.address_id where a.hash = $1 order by o.seq desc limit 1
"""
LAST_TOLD = """
    select concat_ws('-', o.conversation_id, o.seq, 0) from outbox o join addresses a on a.id = o.address_id
    where a.hash = $1 and o.purpose = 'notice' order by o.seq desc limit 1
"""
MOVED_MATTER, MOVED_TOPIC = "公厕很脏", "T032"
YES, PARTLY, NO = "1", "2", "3"
SOLVED = {YES: "yes", PARTLY: "partly", NO: "no"}
FIRST_AGAIN = 2  # the round of the first second handling
ONE_IN_TEN = 0.1
AGAIN = 2  # the round of a second handling
RATED = {"1": "satisfied", "2": "basically", "3": "neutral", "4": "dissatisfied"}


@dataclass(slots=True)
class Script:
    """A month under way and the dice that decide in it; what is in force by now, as the script knows it."""

    month: Month
    dice: random.Random
    told: list[Matter] = field(default_factory=list)
    clocked: list[Matter] = field(default_factory=list)
    lent: list[tuple[int, int]] = field(
        default_factory=list
    )  # contacts of units: told of which ticket
    acts: dict[int, list[Act]] = field(default_factory=lambda: defaultdict(list))  # by matter
    urges_of_head: int = 3
    changed: bool = False  # the catalogue and the units
    surge: bool = False
    helpers: tuple[str, ...] = ()  # logins that were given for an event, while it lasts
    open_line: int = 0
    duty: dict[str, list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # by unit: when somebody is on duty
    _turns: Counter[str] = field(default_factory=Counter)

    def in_turn(self, what: str, choices: Sequence[str]) -> str:
        """The next of some choices: each comes up as often as any other."""
        self._turns[what] += 1
        return choices[(self._turns[what] - 1) % len(choices)]

    def reason(self) -> str:
        """Why a unit gives a ticket back: each reason of the list in its turn."""
        reason = self.in_turn("returns", tuple(REASONS))
        self.month.count("reasons of returns", reason)
        return reason

    def act(self, matter: Matter, login: str, doing: Any, *args: object) -> Part:  # noqa: ANN401 - any act
        """One act of staff."""
        return (yield Do(login, doing, (matter.id, *args)))

    def noted(self, matter: Matter, what: str, unit: str = "") -> None:
        """Keep what the lead (or `unit`) did, or what became of its part, for its clocks."""
        act = Act(what, unit or matter.lead, self.month.now, matter.grade, matter.hours)
        self.acts[matter.number].append(act)

    def clocks(self) -> dict[str, Counter[str]]:
        """What is to be found of the clocks that are reckoned by hand."""
        return reckoned([self.acts[matter.number] for matter in self.clocked])

    def happened(self, event: str, times: int = 1) -> None:
        """Expect an event of this type."""
        self.month.count("event", event, times)

    def opened(self, matter: Matter) -> Part:
        """The resident complains, and it goes to the street."""
        lead = self.lead_of(matter)
        no_number = () if matter.by_number else ("不用",)
        yield from self.says(matter, matter.text, "1", *no_number)
        yield from self.dispatched(matter, lead)

    def says(self, matter: Matter, *texts: str, asked: bool = False) -> Part:
        """What a resident writes, or says in a call: in one of ours, where we have `asked`."""
        if matter.channel != "voice":
            yield Say(matter.address, texts, matter.channel)
            return
        mark, begins = "", [Said(moment=Moment.BEGAN), Said("1")]
        if asked:
            where = self.month.office.world.address_hash("voice", matter.address)
            mark, begins = (yield Ask(LAST_TOLD, (where,))), [Said(moment=Moment.PICKED_UP)]
        else:
            self.month.count("calls", "in")
        ends = Said(moment=Moment.ENDED)
        yield Say(matter.address, (*begins, *texts, ends), matter.channel, mark)

    def lead_of(self, matter: Matter) -> str:
        """Who a matter goes to by now: the street, its successor, or by the new catalogue the district's commission."""
        if self.changed and matter.what == MOVED_MATTER:
            return f"{matter.street[:6]}-cgw"
        return SUCCESSORS.get(matter.street, matter.street) if self.changed else matter.street

    def dispatched(self, matter: Matter, lead: str) -> Part:
        """What the resident has said has become a ticket, and this unit leads it."""
        yield from self.known(matter)
        self.led_by(matter, lead)

    def led_by(self, matter: Matter, lead: str) -> None:
        """This unit has it now, and has not signed yet."""
        matter.lead, matter.state = lead, "dispatched"
        self.month.count("leads", f"{matter.lead} lead {matter.round}")
        self.noted(matter, "led")
        for assist in matter.assists:
            self.noted(matter, "assisting", assist)

    def known(self, matter: Matter) -> Part:
        """The resident has a ticket of this matter."""
        found = yield Newest(matter.address, matter.channel)
        if not found:
            where = self.month.office.world.address_hash(matter.channel, matter.address)
            heard = yield Ask(LAST_HEARD, (where,))
            raise AssertionError(f"no ticket came of “{matter.text}”: {heard}")
        matter.id, matter.opened_at = found, self.month.now
        self.month.count("opened by channel", matter.channel)

    def signed(self, matter: Matter) -> Part:
        """The unit signs an hour later."""
        yield Wait(1)
        yield from self.act(matter, matter.lead, sign)
        self.has_signed(matter)

    def has_signed(self, matter: Matter) -> None:
        """It is in the hands of its lead."""
        matter.state = "handling"
        self.happened("signed")
        self.noted(matter, "signed")

    def contacted(self, matter: Matter) -> Part:
        """The unit gets in touch: the third call reaches a few, a chat is written to."""
        yield Wait(1)
        if not matter.by_number:
            yield from self.act(matter, matter.lead, reply, "您好，我们正在办理。")
            self.happened("replied")
            self.noted(matter, "contacted")
            return
        for outcome in self.dice.choice((("reached",), ("reached",), ("no_answer", "reached"))):
            yield from self.act(matter, matter.lead, record_contact, outcome, "")
            self.happened("contacted")
            self.month.count("tries", outcome)
            if outcome == "reached":
                self.noted(matter, "contacted")
            yield Wait(3)

    def done(self, matter: Matter, kind: str = "solved", why: str = "") -> Part:
        """The unit says that it is done; where it has a chief, the chief has looked at it before."""
        yield Wait(self.dice.randrange(20, 70))
        yield from self.concluded(matter, kind, why)

    def concluded(self, matter: Matter, kind: str = "solved", why: str = "") -> Part:
        """Who assists gives its part, then the lead the result of both."""
        for assist in matter.assists:
            yield from self.act(matter, assist, answer_as_assist, "我们这边办完了")
            self.happened("assisted")
            self.noted(matter, "assisted", assist)
        yield from self.reviewed(matter, kind, why)
        self.resolved(matter, kind)

    def resolved(self, matter: Matter, kind: str = "solved") -> None:
        """The result counts, and the resident is asked."""
        matter.state = "resolved"
        self.noted(matter, "ended")
        self.happened("resolved")
        matter.result = kind
        self.asked(matter)

    def reviewed(self, matter: Matter, kind: str, why: str) -> Part:
        """The result is given; a chief sends some back once."""
        refused = bool(matter.chief) and self.dice.random() < ONE_IN_TEN
        for again in (True, False) if refused else (False,):
            yield from self.act(matter, matter.lead, resolve, "已经处理好了。", kind, why)
            if matter.chief:
                self.happened("applied")
                yield Wait(2)
                yield from self.judged(
                    matter, matter.chief, StaffAct.REVIEW, "result", upheld=not again
                )

    def asked(self, matter: Matter) -> None:
        """The resident is asked how it went."""
        self.month.count("surveys of units", f"{matter.lead} {self.local:%Y-%m}")

    def judged(
        self,
        matter: Matter,
        login: str,
        act: StaffAct,
        kind: str,
        *,
        upheld: bool = True,
        added: Mapping[str, Any] | None = None,
    ) -> Part:
        """Somebody decides an application at its last stage."""
        application = yield Ask(OPEN_APPLICATION, (matter.id, kind))
        note = "" if upheld else "还要再看看"
        order = Deciding(act, application, upheld, note, added or {})
        yield from self.act(matter, login, decide, order)
        decided = "upheld" if upheld else "refused"
        self.happened(decided)
        self.month.count("applications", f"{kind} {decided}")

    def screen(self, matter: Matter, application: int) -> Part:
        """The district agrees to an application, and passes it on to the centre."""
        order = Deciding(StaffAct.SCREEN, application, upheld=True, note="情况属实")
        yield from self.act(matter, matter.above, decide, order)
        self.happened("screened")

    def neighbours(self, matter: Matter, count: int) -> Sequence[str]:
        """Other streets of the same district."""
        streets = [
            one.code
            for one in self.month.office.world.city.catalogue.streets
            if one.district_code == matter.street[:6]
            and one.code not in (matter.street, matter.lead, *SUCCESSORS)
        ]
        return self.dice.sample(streets, count)

    def elsewhere(self, matter: Matter) -> str:
        """A street of another district."""
        districts = [one for one in DISTRICTS if one != matter.street[:6]]
        district = self.dice.choice(districts)
        return self.dice.choice(
            [
                one.code
                for one in self.month.office.world.city.catalogue.streets
                if one.district_code == district and one.code not in SUCCESSORS
            ]
        )

    @property
    def local(self) -> Any:  # noqa: ANN401 - a moment
        """The hour as it is in the city."""
        return self.month.now.astimezone(self.month.office.world.timezone)

    def answered(self, matter: Matter, solved: str = YES) -> Part:
        """The resident answers all questions."""
        yield Wait(self.dice.randrange(1, 20))
        rating = self.dice.choice("1112" if solved == YES else "234")
        manner = self.dice.choice("1123")
        nothing_more = "1" if matter.channel == "voice" else "跳过"
        yield from self.says(matter, "1", solved, rating, manner, nothing_more, asked=True)
        self.month.count("answers solved", f"{matter.lead} {SOLVED[solved]}")
        self.month.count("answers result", f"{matter.lead} {RATED[rating]}")
        self.month.count("answers contacted", f"{matter.lead} yes")
        self.month.count("surveys", "finished")
        if matter.event:
            for answer in ("yes contacted", f"{SOLVED[solved]} solved", f"{RATED[rating]} result"):
                self.month.count("answers of events", f"{matter.event} {answer}")
        if solved == NO:
            self.opened_again(matter)
        else:
            self.closed(matter)

    def opened_again(self, matter: Matter) -> None:
        """The next round begins with who led it; the district's government hears of it."""
        matter.round, matter.result = matter.round + 1, ""
        self.happened("reopened")
        theirs = "head" if matter.round > AGAIN else "desk"
        for hearer in (f"{matter.lead} {theirs}", f"{matter.lead[:6]} head"):
            self.month.count("told of reopening", hearer)
        self.led_by(matter, matter.lead)

    def closed(self, matter: Matter) -> None:
        """It has ended."""
        matter.state = "closed"
        self.happened("closed")

    def handled(self, matter: Matter) -> Part:
        """Signed, in touch, done."""
        yield from self.signed(matter)
        yield from self.contacted(matter)
        yield from self.done(matter)
