"""What a transaction is going to write, gathered while handlers decide, then written set by set."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogs.words import AssignmentRole, Grade, TicketState
from handlers import new_work
from handlers.loose_ends import tie_up
from store import (
    alerts,
    articles,
    assignments,
    call_orders,
    calls,
    clocks,
    conversations,
    green,
    holds,
    human_tasks,
    joined,
    media,
    outbox,
    peopled,
    second_readings,
    supervisions,
    surveys,
    tickets,
    timers,
    turns,
    unit_notices,
)
from store.articles import Rating
from store.assignments import AssignmentChange, AssignmentRow, ReopenedRow
from store.call_orders import OrderRow
from store.calls import CallRow
from store.clocks import ClockRow, DueRow
from store.database import Connection
from store.green import Reconciliation
from store.human_tasks import TaskRow
from store.joined import HeirRow, LinkRow
from store.media import WantedRow
from store.second_readings import ReadingRow
from store.supervisions import SupervisionRow
from store.surveys import SurveyAnswer
from store.tickets import (
    ContactRow,
    EventRow,
    LockedTicket,
    PlaceRow,
    TicketRow,
    TicketUpdate,
    TryRow,
)
from store.timers import TimerRow
from store.turns import InboundRow, Opened, OutboxRow, SessionUpdate
from store.unit_notices import UnitNoticeRow

HOLD_OVER = "工单已不在办理中，挂账随之结束"
OVER = (TicketState.RESOLVED, TicketState.CLOSED, TicketState.WITHDRAWN)
RINGING_GRADES = (Grade.I, Grade.II)  # duty phones ring for these

ENDED = frozenset({"done", "returned", "ended"})  # states of shares whose clocks stand still


@dataclass(slots=True)
class Effects:
    """Rows to write, in the order of the tables' dependence. A ticket under lock is changed with `change`."""

    sessions: dict[int, SessionUpdate] = field(default_factory=dict)
    inbound: list[InboundRow] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    outspoken: list[int] = field(default_factory=list)  # addresses whose held replies give way
    reached: list[int] = field(default_factory=list)  # addresses that wrote while something waits
    tickets: list[TicketRow] = field(default_factory=list)
    media: list[tuple[int, str]] = field(default_factory=list)  # ticket id, media id
    links: list[tuple[int, int, bytes, str]] = field(
        default_factory=list
    )  # address id, conversation id, hash of the number it has proven, how: done when all else is written
    wanted: list[WantedRow] = field(default_factory=list)  # files that lie at the provider still
    adopted: list[tuple[str, int]] = field(default_factory=list)  # media id, conversation id
    locked: dict[int, LockedTicket] = field(default_factory=dict)
    places: list[PlaceRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    events: list[EventRow] = field(default_factory=list)
    assignment_changes: list[AssignmentChange] = field(default_factory=list)
    reopened: list[ReopenedRow] = field(default_factory=list)
    triaged: set[int] = field(default_factory=set)  # that wait for dispatch again
    clocks: list[ClockRow] = field(default_factory=list)
    dues: list[DueRow] = field(default_factory=list)  # of leading units' shares
    linked: set[int] = field(default_factory=set)
    heirs: list[HeirRow] = field(default_factory=list)
    assignments: list[AssignmentRow] = field(default_factory=list)
    tries: list[TryRow] = field(default_factory=list)
    answers: list[SurveyAnswer] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    ended: list[tuple[int, bool]] = field(default_factory=list)  # survey id, expired
    timers: list[TimerRow] = field(default_factory=list)
    wakes: list[tuple[int, datetime | None]] = field(
        default_factory=list
    )  # conversation id, wake_at
    dropped: list[tuple[str, int, str]] = field(default_factory=list)
    tasks: list[TaskRow] = field(default_factory=list)
    reconciliations: list[Reconciliation] = field(default_factory=list)
    unit_notices: list[UnitNoticeRow] = field(default_factory=list)  # what units are told
    supervisions: list[SupervisionRow] = field(default_factory=list)  # demands made
    calls: list[CallRow] = field(default_factory=list)  # that have begun
    orders: list[OrderRow] = field(default_factory=list)  # calls to make
    alarmed: list[tuple[int | None, int]] = field(
        default_factory=list
    )  # conversation id, the ticket that came of it
    opt_outs: list[tuple[int, bool]] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    readings: list[ReadingRow] = field(default_factory=list)  # left open by the rules

    def change(self, ticket_id: int, **fields: object) -> LockedTicket:
        """Change a locked ticket; returns it as it will be."""
        before = self.locked[ticket_id]
        ticket = replace(before, **fields)  # type: ignore[arg-type]  # checked by the class
        self.locked[ticket_id] = ticket
        if ticket.state == TicketState.TRIAGE != before.state:
            self.triaged.add(ticket_id)
        self.changed.add(ticket_id)
        return ticket

    def link(self, ticket_id: int, **fields: object) -> None:
        """Change what a locked ticket follows (`joined_to`), or how often it was told (`repeats`)."""
        self.locked[ticket_id] = replace(self.locked[ticket_id], **fields)  # type: ignore[arg-type]  # as above
        self.linked.add(ticket_id)

    async def write(self, connection: Connection, now: datetime) -> None:
        """Write everything; each table with one statement, new tickets together with the turns that open them."""
        self._begin_clocks(now)
        await self._follow_up(connection)
        insert, change = tickets.insert_rows, tickets.change_rows
        if self.changed:
            await self._end_holds(connection, now)
            updates = [_update(self.locked[ticket_id]) for ticket_id in sorted(self.changed)]
            await change(connection, tickets.UPDATE, updates)
            await self._tell_joined(connection, now)
        if self.linked:
            links = [_link(self.locked[ticket_id]) for ticket_id in sorted(self.linked)]
            await change(connection, joined.SET_LINKS, links)
        await self._put_right(connection)
        await self._tie_up(connection, now)
        if self.dropped:
            await timers.drop(connection, self.dropped)
        await self._make_way(connection, now)
        await self._write_turns(connection)
        await change(connection, joined.INHERIT, self.heirs)
        await media.adopt(connection, self.adopted)
        await media.insert_wanted(connection, self.wanted)
        await change(connection, tickets.ADD_MEDIA, self.media)
        await insert(connection, tickets.INSERT_TRIES, self.tries)
        await self._set_clocks(connection)
        await self._write_rest(connection, now)

    def _pressing(self) -> list[tuple[int, int | None, str]]:
        """Tickets of grades I and II that a unit has been given, or that nobody answers for: (id, unit, grade)."""
        leads = {a.ticket_id: a.unit_id for a in self.assignments if a.role == AssignmentRole.LEAD}
        opened = {one.id: one for one in self.tickets if one.joined_to is None}
        grades = {one.id: one.grade for one in self.locked.values() if one.id in leads}
        grades |= {one.id: one.grade for one in opened.values()}
        return [
            (id_, leads.get(id_), grade) for id_, grade in grades.items() if grade in RINGING_GRADES
        ]

    async def _tie_up(self, connection: Connection, now: datetime) -> None:
        """Where all shares end, because the ticket does or begins anew, nothing between units goes on."""
        over = {
            one.ticket_id
            for one in self.assignment_changes
            if (one.role, one.state) == ("", "ended")
        }
        over |= {id_ for id_ in self.changed if self.locked[id_].state in OVER}
        if not over:
            return
        titles = {id_: self.locked[id_].title for id_ in over}
        events, notices = await tie_up(connection, titles, now)
        self.events += events
        self.unit_notices += notices

    async def _put_right(self, connection: Connection) -> None:
        change = tickets.change_rows
        await change(connection, tickets.SET_PLACES, self.places)
        await change(connection, tickets.SET_CONTACTS, self.contacts)
        await change(connection, assignments.SET_ASSIGNMENTS, self.assignment_changes)
        await change(connection, assignments.REOPEN_ASSISTS, self.reopened)
        ended = {one.ticket_id for one in self.assignment_changes if one.state in ENDED}
        if ended:
            await clocks.drop_ended(connection, sorted(ended))

    async def _follow_up(self, connection: Connection) -> None:
        """What the rules demand is followed up by the unit above, or by the centre where nobody there could: it is said."""
        above = [row.by_unit_id for row in self.supervisions if row.staff_id is None]
        absent = await peopled.without_supervisors(connection, above)
        for at, row in enumerate(self.supervisions):
            if row.staff_id is not None:
                continue
            name = absent.get(row.by_unit_id or 0)
            by = None if name else row.by_unit_id
            why = peopled.in_their_place(name) if name else ""
            note = f"{row.demand}由热线中心督办{why}。" if by is None else row.demand
            self.supervisions[at] = row._replace(by_unit_id=by)
            self.events.append(
                EventRow(row.ticket_id, row.at, "supervised", "system", None, by, note)
            )

    def _begin_clocks(self, now: datetime) -> None:
        """What has a clock to begin gets the timer that begins it."""
        self.timers.extend(new_work.of_shares(self.assignments, self.reopened, self.heirs))
        self.timers.extend(new_work.of_triage(self.tickets, self.triaged, self.locked, now))

    async def _set_clocks(self, connection: Connection) -> None:
        """Of shares that are written by now."""
        change = tickets.change_rows
        await change(connection, clocks.SET_DUE, self.dues)
        await change(connection, clocks.SET_CLOCKS, self.clocks)

    async def _make_way(self, connection: Connection, now: datetime) -> None:
        """Who writes can be reached: what failed is tried at once; what merely asked gives way to a later reply."""
        if self.reached:
            await outbox.hasten(connection, self.reached, now)
        if self.outspoken:
            await outbox.give_way(connection, self.outspoken)

    async def _end_holds(self, connection: Connection, now: datetime) -> None:
        """A hold lasts while its ticket is being handled: whatever else becomes of it ends the hold."""
        over = [
            id_
            for id_ in sorted(self.changed)
            if self.locked[id_].hold_until is not None
            and self.locked[id_].state != TicketState.HANDLING
        ]
        if not over:
            return
        await holds.end_of(connection, over, now, HOLD_OVER)
        for id_ in over:
            self.change(id_, hold_until=None)
            self.events.append(EventRow(id_, now, "hold_ended", "system", note=HOLD_OVER))

    async def _tell_joined(self, connection: Connection, now: datetime) -> None:
        """Whatever changes a ticket, those that have joined it look at it."""
        followed = [ticket_id for ticket_id in self.changed if self.locked[ticket_id].has_joined]
        if followed:
            await joined.arm_news(connection, followed, now)

    async def _write_turns(self, connection: Connection) -> None:
        sessions = list(self.sessions.values())
        armed = timers.in_order(self.timers)
        if sessions and self.tickets and self.assignments:
            opened = Opened(self.tickets, self.assignments, self.events)
            await turns.write(connection, sessions, self.inbound, self.outbox, armed, opened)
            return
        if sessions:
            await turns.write(connection, sessions, self.inbound, self.outbox, armed)
            armed = []
        insert = tickets.insert_rows
        await insert(connection, tickets.INSERT_TICKETS, self.tickets)
        await insert(connection, assignments.INSERT_ASSIGNMENTS, self.assignments)
        await insert(connection, tickets.INSERT_EVENTS, self.events)
        await insert(connection, timers.ARM, armed)

    async def _write_rest(self, connection: Connection, now: datetime) -> None:
        if self.answers:
            await surveys.record(connection, self.answers)
        if self.asked:
            await surveys.set_asked(connection, self.asked, now)
        if self.ended:
            await surveys.end(connection, self.ended, now)
        if self.wakes:
            await conversations.set_wakes(connection, self.wakes)
        await green.insert(connection, self.reconciliations)
        await human_tasks.insert(connection, self.tasks)
        await unit_notices.insert(connection, self.unit_notices)
        await supervisions.open_all(connection, self.supervisions)
        await calls.insert(connection, self.calls)
        await call_orders.ring_duty(connection, self._pressing(), now)
        await call_orders.insert(connection, self.orders)
        if self.alarmed:
            await alerts.name_tickets(connection, self.alarmed, now)
        await articles.rate(connection, self.ratings)
        await second_readings.insert(connection, self.readings)
        if self.opt_outs:
            await conversations.set_opt_out(connection, self.opt_outs, now)


def _update(ticket: LockedTicket) -> TicketUpdate:
    return TicketUpdate(*(getattr(ticket, name) for name in TicketUpdate._fields))


def _link(ticket: LockedTicket) -> LinkRow:
    return LinkRow(ticket.id, ticket.joined_to, ticket.repeats)
