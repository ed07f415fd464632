"""What is set for a unit as a whole: its offices, its people, its roster, its templates; each act with what was typed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, time

from gateway.console.typed import moment_of, number
from handlers.away import hand_over_everything, let_go, set_away
from handlers.case import ActRefusedError, By
from handlers.offices import add_office, close_office, seat
from handlers.reply_templates import remove_template, save_template
from handlers.roster import Turns, add_turns, remove_turn
from handlers.world import World
from store.database import Connection
from store.reply_templates import Written

Doing = Callable[[Connection, World, By, Mapping[str, str]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class UnitAct:
    """One act: on which page it stands, what is said when it is done."""

    page: str
    done: str
    do: Doing


async def _add_office(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    code = typed["place_code"].strip()
    await add_office(connection, world, by, typed["name"], typed["kind"], code)


async def _close_office(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    await close_office(connection, world, by, number(typed["office"]) or 0)


async def _seat(connection: Connection, world: World, by: By, typed: Mapping[str, str]) -> None:
    await seat(connection, world, by, number(typed["staff"]) or 0, number(typed["office"]))


async def _away(connection: Connection, world: World, by: By, typed: Mapping[str, str]) -> None:
    until = moment_of(typed["until"], world.timezone)
    if until is None:
        raise ActRefusedError("请填写什么时候回来。")
    staff, deputy = number(typed["staff"]) or 0, number(typed["deputy"])
    await set_away(connection, world, by, staff, until, deputy)


async def _back(connection: Connection, world: World, by: By, typed: Mapping[str, str]) -> None:
    await set_away(connection, world, by, number(typed["staff"]) or 0, None, None)


async def _hand_over(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    staff, to = number(typed["staff"]) or 0, number(typed["to"]) or 0
    await hand_over_everything(connection, world, by, staff, to, typed["why"])


async def _let_go(connection: Connection, world: World, by: By, typed: Mapping[str, str]) -> None:
    await let_go(connection, world, by, number(typed["staff"]) or 0)


async def _add_turns(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    try:
        turns = Turns(
            number(typed["staff"]) or 0,
            date.fromisoformat(typed["first"]),
            number(typed["days"]) or 0,
            time.fromisoformat(typed["begins"]),
            time.fromisoformat(typed["ends"]),
        )
    except ValueError as error:
        raise ActRefusedError("请填写日期和时间，如2026-11-23、18:00。") from error
    await add_turns(connection, world, by, turns)


async def _remove_turn(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    await remove_turn(connection, world, by, number(typed["turn"]) or 0)


async def _save_template(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    written = Written(typed["title"], typed["body"], typed["topic"], typed["result"])
    await save_template(connection, world, by, number(typed["template"]), written)


async def _remove_template(
    connection: Connection, world: World, by: By, typed: Mapping[str, str]
) -> None:
    await remove_template(connection, world, by, number(typed["template"]) or 0)


PEOPLE, ROSTER, TEMPLATES = "people", "roster", "templates"
ACTS: dict[str, UnitAct] = {
    "add-office": UnitAct(PEOPLE, "已添加。", _add_office),
    "close-office": UnitAct(PEOPLE, "已撤销，在那里的人和工单回到本单位。", _close_office),
    "seat": UnitAct(PEOPLE, "已调整。", _seat),
    "away": UnitAct(PEOPLE, "已记下，新的工单交给代理人。", _away),
    "back": UnitAct(PEOPLE, "已记下，回来了。", _back),
    "hand-over": UnitAct(PEOPLE, "已移交，接手的人会收到提醒。", _hand_over),
    "let-go": UnitAct(PEOPLE, "账号已停用。", _let_go),
    "add-turns": UnitAct(ROSTER, "已排班。", _add_turns),
    "remove-turn": UnitAct(ROSTER, "已删除。", _remove_turn),
    "save-template": UnitAct(TEMPLATES, "已保存。", _save_template),
    "remove-template": UnitAct(TEMPLATES, "已删除。", _remove_template),
}
