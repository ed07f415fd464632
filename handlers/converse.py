"""Step a batch of locked conversations, carry out what their dialogs ask for, and gather the rows to write."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dialogs import session
from dialogs.requests import (
    AddToTicket,
    CallHuman,
    FindRelated,
    FindTickets,
    FinishSurvey,
    LeaveQueue,
    LinkPhone,
    OpenTicket,
    RateAnswer,
    RecordAnswer,
    Request,
    SetOptOut,
    SurveyDue,
    UrgeTicket,
    WithdrawTicket,
)
from dialogs.rounds import AskSteward, LeaveStewards
from dialogs.said import Said
from handlers import limits
from handlers.alerts import raise_alerts
from handlers.also_text import also_texts
from handlers.answering import answer_residents
from handlers.at_once import open_answered
from handlers.burst import hold, takes_over
from handlers.call_rows import call_begun
from handlers.effects import Effects
from handlers.find_tickets import find_tickets
from handlers.follow_up import follow_up
from handlers.human_queue import (
    CALL_REASONS,
    call_back,
    call_in,
    leave_queue,
    queues,
)
from handlers.left_open import to_be_read
from handlers.linking import link_contact
from handlers.media import wanted
from handlers.open_ticket import Origin, open_ticket
from handlers.outgoing import Errand, outbox_row, render
from handlers.patrol import open_find, steward_units
from handlers.picked_up import load_told
from handlers.related import find_related
from handlers.stewards import enlist, leave_stewards
from handlers.stopped_phones import warn_of_stopped
from handlers.survey import begun, finish_survey, record_answer
from handlers.visit import Visit
from handlers.world import World
from store import calls, joined, surveys, tickets
from store.articles import Rating
from store.database import Connection
from store.timers import TimerRow
from store.turns import InboundRow, SessionUpdate

ABOUT_TICKETS = (FindTickets, OpenTicket, FindRelated)
TOLD_SOMETHING = "turned"
OVER_BUDGET = "silent:rate"


async def converse(
    connection: Connection, world: World, effects: Effects, visits: Sequence[Visit], now: datetime
) -> None:
    """Run one turn of each visit; every conversation may stand in the batch once."""
    await load_told(connection, visits)
    for visit in visits:
        visit.step(world, visit.event, now)
    asking = [visit for visit in visits if visit.awaited is not None]
    while asking:
        await _answer(connection, world, effects, asking, now)
        asking = [visit for visit in asking if visit.awaited is not None]
    await _carry_out(connection, world, effects, visits, now)
    for visit in visits:
        _settle(world, effects, visit, now)
    effects.reached += [v.row.address_id for v in visits if v.inbound and v.row.queued]
    await raise_alerts(connection, world, effects, visits, now)
    await warn_of_stopped(connection, world, effects, visits, now)


async def _answer(
    connection: Connection, world: World, effects: Effects, asking: Sequence[Visit], now: datetime
) -> None:
    """Answer what each of these dialogs waits for, and step it again."""
    finding = [(v, v.awaited) for v in asking if isinstance(v.awaited, FindTickets)]
    opening = [(v, v.awaited) for v in asking if isinstance(v.awaited, OpenTicket)]
    relating = [(v, v.awaited) for v in asking if isinstance(v.awaited, FindRelated)]
    of_residents = [v for v in asking if not isinstance(v.awaited, ABOUT_TICKETS)]
    if opening:
        await _open(connection, world, effects, opening, now)
    if finding:
        answers = await find_tickets(connection, world, effects, finding, now)
        for (visit, _), answer in zip(finding, answers, strict=True):
            visit.told(world, answer, now)
    if relating:
        related = await find_related(connection, world, relating, now)
        for (visit, _), told in zip(relating, related, strict=True):
            visit.told(world, told, now)
    if of_residents:
        await answer_residents(connection, world, effects, of_residents, now)


async def _open(
    connection: Connection,
    world: World,
    effects: Effects,
    opening: Sequence[tuple[Visit, OpenTicket]],
    now: datetime,
) -> None:
    """Open tickets; those that others want to join are read with one query, and without a lock."""
    wanted = {order.draft.joined_to for _, order in opening if order.draft.joined_to}
    parents = await joined.parents(connection, sorted(wanted)) if wanted else {}
    silent = [visit.row.id for visit, _ in opening if visit.inbound is None]
    called = await calls.last_lines(connection, silent, now) if silent else {}
    reporting = await steward_units(connection, opening)
    for visit, order in opening:
        line = visit.line or called.get(visit.row.id, "")
        origin = Origin(visit.row.id, visit.row.resident_id, visit.channel.name, line=line)
        parent = parents.get(order.draft.joined_to)
        unit_id = reporting.get(visit.row.resident_id) if order.draft.steward else None
        if unit_id is not None:
            found = open_find(world, effects, order.draft, origin, unit_id, now)
            visit.told(world, found, now)
            continue
        opened = (
            open_answered(world, effects, order.draft, origin, now)
            if order.draft.settled
            else open_ticket(world, effects, order.draft, origin, now, parent)
        )
        visit.told(world, opened, now)


async def _carry_out(
    connection: Connection,
    world: World,
    effects: Effects,
    visits: Sequence[Visit],
    now: datetime,
) -> None:
    """Carry out what nobody waits for, with one query for the surveys and one for the tickets concerned."""
    orders = [(visit, order) for visit in visits for order in visit.orders]
    if not orders:
        return
    survey_ids = {o.survey_id for _, o in orders if isinstance(o, RecordAnswer | FinishSurvey)}
    found = await surveys.by_ids(connection, sorted(survey_ids)) if survey_ids else {}
    ticket_ids = {
        o.ticket_id for _, o in orders if isinstance(o, AddToTicket | UrgeTicket | WithdrawTicket)
    }
    ticket_ids |= {survey.ticket_id for survey in found.values()}
    ticket_ids -= effects.locked.keys()
    enlisting = [(v, o) for v, o in orders if isinstance(o, AskSteward)]
    if enlisting:
        await enlist(connection, world, enlisting, now)
    stopping = [v for v, o in orders if isinstance(o, LeaveStewards)]
    if stopping:
        await leave_stewards(connection, stopping, now)
    leaving = [(v, o) for v, o in orders if isinstance(o, LeaveQueue)]
    if leaving:
        await leave_queue(connection, effects, leaving, now)
    misunderstood = [(v, o) for v, o in orders if isinstance(o, CallHuman) and queues(v, o)]
    if misunderstood:
        await call_in(connection, world, effects, misunderstood, now)
    if ticket_ids:
        effects.locked.update(await tickets.lock(connection, sorted(ticket_ids)))
    for visit, order in orders:
        _carry_out_one(world, effects, found, visit, order, now)


def _carry_out_one(
    world: World,
    effects: Effects,
    found: dict[int, surveys.SurveyState],
    visit: Visit,
    order: Request,
    now: datetime,
) -> None:
    match order:
        case AddToTicket() | UrgeTicket() | WithdrawTicket():
            follow_up(world, effects, visit, order, now)
        case RecordAnswer():
            record_answer(effects, found, order)
        case FinishSurvey():
            ended = finish_survey(world, effects, found, order, now)
            if ended is not None:
                effects.ended.append(ended)
        case CallHuman() | SetOptOut() | RateAnswer():
            _note(effects, visit, order, now)
        case LinkPhone():
            link_contact(world, effects, visit, order.number)
        case _:
            pass  # the language lives in the session, alerts come last, what was awaited has been answered


def _note(
    effects: Effects, visit: Visit, order: CallHuman | SetOptOut | RateAnswer, now: datetime
) -> None:
    """Write down what needs nothing but its row."""
    match order:
        case CallHuman() if queues(visit, order):
            pass  # waits in the queue for a person
        case CallHuman():
            why = CALL_REASONS.get(order.reason, "")
            effects.tasks.append(call_back(visit.row.id, why, order.about, now))
        case SetOptOut():
            effects.opt_outs.append((visit.row.address_id, order.opted_out))
        case RateAnswer():
            effects.ratings.append(Rating(order.article_id, visit.row.id, order.helped, now))


def _settle(world: World, effects: Effects, visit: Visit, now: datetime) -> None:
    """Write down one turn: the inbound message, the reply, the session, and when to wake."""
    row = visit.row
    seq = row.seq + (1 if visit.inbound else 0)
    heard_seq = seq
    outcome = _speak(world, effects, visit, seq + 1, now)
    if visit.message is not None:
        seq += 1
    if visit.inbound is not None:
        effects.calls += call_begun(visit.inbound, row.id)
        effects.inbound.append(_inbound_row(visit, heard_seq, outcome, seq))
        effects.adopted.extend((photo.id, row.id) for photo in visit.inbound.said.attachments)
        if visit.inbound.media:
            effects.wanted += wanted(world.keys, visit.inbound, row.id, now)
    texts = also_texts(world, visit, seq + 1, now)
    effects.outbox += texts
    seq += len(texts)
    reading = to_be_read(world, visit, seq, now)
    if reading is not None:
        visit.left_open = True
        effects.readings.append(reading)
    came = visit.event if isinstance(visit.event, SurveyDue) else None
    effects.asked += begun(visit.before.waiting, visit.session.waiting, came)
    last_said_at = now if visit.inbound else row.last_said_at
    effects.sessions[row.id] = SessionUpdate(
        row.id,
        session.dump(visit.session).decode(),
        seq,
        last_said_at,
        _wake(effects, visit, now),
        visit.budget[0],
        visit.budget[1],
    )


def _speak(world: World, effects: Effects, visit: Visit, seq: int, now: datetime) -> str:
    """Put the reply into the outbox; returns the outcome that is kept with the inbound message."""
    row, channel, reply, inbound = visit.row, visit.channel, visit.reply, visit.inbound
    if reply is None:
        return f"silent:{visit.steps[-1].silent or 'nothing_to_say'}"
    wait = timedelta(0)
    spoken = channel.abilities.voice
    if channel.abilities.phone and not spoken:
        if inbound is not None and not _within_budget(world, visit, now):
            return OVER_BUDGET
        wait = world.limits.wait(channel.prefix(visit.address), now)
    visit.message = render(channel, visit.session.language, reply, row.id, seq)
    held = hold(visit)
    if takes_over(visit):
        effects.outspoken.append(row.address_id)
    errand = Errand(
        "notice" if inbound is None else "reply",
        now,
        max(wait, held, _rest(world, visit, now)),
        inline=visit.inline and not wait and (spoken or not row.queued),
        stopped=row.stopped and inbound is None,
        instead_of=visit.instead_of,
        urgent=inbound is None and not isinstance(visit.event, SurveyDue),  # of a living talk
        gives_way=bool(held),
    )
    visit.sent = outbox_row(channel, row.address_id, visit.message, errand)
    effects.outbox.append(visit.sent)
    return TOLD_SOMETHING


def _rest(world: World, visit: Visit, now: datetime) -> timedelta:
    """A survey waits for the morning; what we call about waits for the hours in which phones may ring."""
    voice = visit.channel.abilities.voice
    if visit.inbound is not None or not (voice or isinstance(visit.event, SurveyDue)):
        return timedelta(0)
    return world.quiet.wait(now, voice=voice, urgent=False)


def _within_budget(world: World, visit: Visit, now: datetime) -> bool:
    """Count a reply to an address that makes us send; what the city says of itself is not counted."""
    row = visit.row
    most = world.limits.rates.address_per_hour
    level, allowed = limits.spend(row.budget, row.budget_at, now, most)
    if allowed:
        visit.budget = (level, now)
    visit.over_budget = not allowed
    return allowed


def _inbound_row(visit: Visit, seq: int, outcome: str, reply_seq: int) -> InboundRow:
    inbound = visit.inbound
    if inbound is None or not isinstance(visit.event, Said):
        raise TypeError("only what a resident said is written down as inbound")
    return InboundRow(
        inbound.channel,
        inbound.key,
        visit.row.id,
        seq,
        visit.said_json(),
        inbound.received_at,
        outcome,
        reply_seq if visit.message is not None else None,
    )


def _wake(effects: Effects, visit: Visit, now: datetime) -> datetime | None:
    """Keep an armed timer that fires in time (it arms itself again when it comes too early), else arm one."""
    seconds, armed = visit.steps[-1].wake_seconds, visit.row.wake_at
    if seconds is None:
        return armed
    due_at = now + timedelta(seconds=seconds)
    if armed is not None and now < armed <= due_at:
        return armed
    effects.timers.append(TimerRow("conversation", visit.row.id, "wake", visit.row.id, due_at))
    return due_at
