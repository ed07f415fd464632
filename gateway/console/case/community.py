"""A community's own matter on a ticket's page: solved, or to become a ticket."""

from collections.abc import Sequence

from gateway.console.case.form import Asked, Field, Form, Section, Sent, Subject
from gateway.console.told import notified
from handlers.community import community_give_up, community_solved
from handlers.staff_acts import StaffAct
from store import community
from store.database import Connection


async def _open_now(connection: Connection, asked: Asked) -> Sequence[Subject]:
    """The ticket itself, while its community has it."""
    state = await community.state_of(connection, asked.view.facts.id)
    return [Subject(0, "")] if state == "open" else []


async def _solved(connection: Connection, sent: Sent) -> None:
    await community_solved(connection, sent.world, sent.who, sent.ticket_id, sent.typed["text"])


async def _give_up(connection: Connection, sent: Sent) -> None:
    await community_give_up(connection, sent.world, sent.who, sent.ticket_id, sent.typed["note"])


FORMS: tuple[Form, ...] = (
    Form(
        StaffAct.COMMUNITY_SOLVED,
        lambda asked: f"办好即结案，不回访，不计入三率。{notified(asked.view)}。",
        "已结案。",
        _solved,
        (Field("text", "办理结果"),),
        subjects=_open_now,
    ),
    Form(
        StaffAct.COMMUNITY_GIVE_UP,
        lambda asked: (
            f"马上成为工单，按派单目录派单，时限重新计算，计入三率。{notified(asked.view)}。"
        ),
        "已转为工单。",
        _give_up,
        (Field("note", "社区办不了的原因"),),
        subjects=_open_now,
        leaves=True,
    ),
)
SECTIONS: tuple[Section, ...] = ()
