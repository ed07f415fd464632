"""The phone desk (电话): who waits on the line, the caller that one has, call-backs and messages that were left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import web

from channels import phone
from dialogs.requests import Draft
from dialogs.words import Language
from gateway.console.layout import missing, show
from gateway.console.session import taker_of
from gateway.keys import CLOCK, POOL, WORLD
from handlers.abuse import marked_until
from handlers.call_backs import CALL_BACK_NAMES, CallBackOutcome
from handlers.call_orders import may_take_calls, takes_for_centre
from handlers.calls_whisper import line_name, read_draft
from handlers.world import World
from store import call_backs, call_desk
from store.call_backs import DueCallBack, Recording
from store.call_desk import Caller, TheirTicket
from store.database import Connection
from store.human_talks import TAKEN
from store.staff import StaffSession

SHOWN = 100
LATELY = timedelta(minutes=30)  # a talk that ended since can still be noted from here

DONE = {
    "ring": "正在拨打您的电话，请接听后按1。",
    "settled": "已处理。",
    "later": "已记下，还在名单上。",
    "noted": "已记下。",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a resident has said so far, as staff read it."""

    place: str
    matter: str
    emergency: bool
    marked_until: datetime | None  # marked for abuse by two people of the centre


@dataclass(frozen=True, slots=True)
class OnLine:
    """Somebody on the phone: who, by which number, since when, and what was said so far."""

    caller: Caller
    line: str
    told: Told
    tickets: Sequence[TheirTicket]
    recordings: Sequence[Recording]

    @property
    def noted(self) -> bool:
        """Whether a word on the talk has been left."""
        return bool(self.caller.talk.note)


@dataclass(frozen=True, slots=True)
class ToCall:
    """A call-back with the messages that were left."""

    task: DueCallBack
    told: Told
    recordings: Sequence[Recording]
    tickets: Sequence[TheirTicket]


async def get_calls(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """The whole desk."""
    done = DONE.get(request.query.get("done", ""), "")
    return await calls_page(request, session, {"done": done})


async def get_waiting(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Those on the line alone, for a page that is open already."""
    if not may_take_calls(session.staff.unit_id, session.staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        frame = await _on_line(connection, request, session)
    return show(request, session, "console/callers.html", frame)


async def calls_page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    """The page; `context` holds what a form has just brought: done, or error with task_id, or a contact."""
    staff = session.staff
    if not may_take_calls(staff.unit_id, staff.roles):
        return missing(request, session)
    world = request.app[WORLD]
    async with request.app[POOL].acquire() as connection:
        on_line = await _on_line(connection, request, session)
        centre = takes_for_centre(staff.unit_id, staff.roles)
        due = await call_backs.call_backs(connection, SHOWN) if centre else []
        sealed = await call_desk.staff_phone(connection, staff.id)
        heard = [one.conversation_id for one in due]
        recorded = await call_backs.recordings(connection, heard)
        theirs = await call_desk.tickets_of(connection, heard)
    empty: dict[str, object] = {"done": "", "error": "", "task_id": 0, "contact": None}
    typed = dict.fromkeys(("phone", "outcome", "note", "talk_note"), "")
    given = context.get("typed")
    if isinstance(given, Mapping):
        typed |= given
    frame: dict[str, object] = {
        "for_centre": centre,
        "own_phone": _masked(world, sealed),
        "call_backs": [
            ToCall(
                one,
                told_so_far(world, one.session),
                recorded.get(one.conversation_id, ()),
                theirs.get(one.conversation_id, ()),
            )
            for one in due
        ],
        "outcomes": [(str(one), CALL_BACK_NAMES[one]) for one in CallBackOutcome],
    }
    merged = frame | on_line | empty | dict(context) | {"typed": typed}
    return show(request, session, "console/calls.html", merged, status=status)


async def _on_line(
    connection: Connection, request: web.Request, session: StaffSession
) -> dict[str, object]:
    """Who waits, and whom the reader has."""
    world, now = request.app[WORLD], request.app[CLOCK]()
    waiting = await call_desk.callers(connection, taker_of(request, session), SHOWN)
    mine = await call_desk.mine(connection, session.staff.id, now - LATELY)
    ids = [one.talk.conversation_id for one in (*waiting, *mine)]
    theirs = await call_desk.tickets_of(connection, ids)
    recorded = await call_backs.recordings(connection, ids)

    def seen(one: Caller) -> OnLine:
        key = one.talk.conversation_id
        told = told_so_far(world, one.session, one.talk.about)
        line = line_name(world, one.talk.line)
        return OnLine(one, line, told, theirs.get(key, ()), recorded.get(key, ()))

    return {
        "waiting": [seen(one) for one in waiting],
        "mine": [seen(one) for one in mine],
        "waited": waited,
        "has_one": any(one.talk.state == TAKEN for one in mine),
    }


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has waited, as minutes and seconds."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    return f"{minutes}分{seconds:02}秒"


def told_so_far(world: World, stored: str, about: str = "") -> Told:
    """What a resident has said so far, by the open draft; `about` where there is none."""
    draft = read_draft(stored) or Draft()
    place = world.city.reader.full_name(draft.place, Language.CHINESE)
    return Told(place, draft.matter or about, draft.emergency, marked_until(stored))


def _masked(world: World, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return phone.mask(world.keys.open(sealed))
