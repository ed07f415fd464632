"""Changing the rules of casework and the working calendar: by administrators of the centre, with a note, kept for good."""

from datetime import date, datetime

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.permit_table import CENTRE_ROLES
from handlers.rules import RULES, Measure, Rules, refused_value
from store import calendar_days, rule_values
from store.database import Connection
from store.turnstiles import Matter, one_at_a_time

LONGEST_NOTE = 200
_YEARS = range(2000, 2100)


def may_read_rules(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sees what the rules are: all at the centre, and heads of units."""
    readers = CENTRE_ROLES | {Role.ADMIN} if unit_id is None else {Role.HEAD, Role.DISTRICT_ADMIN}
    return bool(roles & readers)


def may_change_rules(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody sets the rules of the city."""
    return unit_id is None and Role.ADMIN in roles


async def read_rules(connection: Connection) -> Rules:
    """The rules in force, with the calendar's own days; a rule that the code no longer knows is left out."""
    changed = await rule_values.in_force(connection)
    days = await calendar_days.all_days(connection)
    return Rules(
        {key: value for key, value in changed.items() if key in RULES},
        frozenset((one.day, one.working) for one in days),
    )


async def change_rule(connection: Connection, by: By, key: str, typed: str, note: str) -> None:
    """Set a rule by hand; raises `ActError`."""
    await _may_change(connection, by)
    note = worded(note, "变更理由", longest=LONGEST_NOTE)
    if not (typed.isascii() and typed.isdigit()):
        raise ActRefusedError("请填写整数。")
    await set_rule(connection, key, int(typed), note, by.staff_id, by.at)


async def set_rule(
    connection: Connection, key: str, value: int, note: str, staff_id: int | None, at: datetime
) -> None:
    """Set a rule, if it can have that value beside the others; raises `ActRefusedError`."""
    await one_at_a_time(connection, Matter.RULES)
    rules = await read_rules(connection)
    refused = refused_value(key, value) or refused_together(rules, key, value)
    if refused:
        raise ActRefusedError(refused)
    if rules.value(key) != value:
        await rule_values.change(connection, key, value, note, staff_id, at)


def refused_together(rules: Rules, key: str, value: int) -> str:
    """Why a rule cannot have a value while the others are as they are, "" when it can."""
    changed = Rules({**rules.changed, key: value})
    if changed.value("working.begins_hour") >= changed.value("working.ends_hour"):
        return "上班须早于下班。"
    if changed.value("warn.first_percent") >= changed.value("warn.second_percent"):
        return "第一次提醒须早于第二次。"
    return ""


async def set_own_day(
    connection: Connection, by: By, typed: str, note: str, *, working: bool
) -> None:
    """Let a day be worked on, or be free, whatever the public calendar says; raises `ActError`."""
    await _may_change(connection, by)
    note = worded(note, "说明", longest=LONGEST_NOTE)
    day = _day(typed)
    await calendar_days.set_day(
        connection, day, working=working, note=note, staff_id=by.staff_id, at=by.at
    )


async def remove_own_day(connection: Connection, by: By, typed: str) -> None:
    """Leave a day to the public calendar again; raises `ActError`."""
    await _may_change(connection, by)
    if not await calendar_days.remove_day(connection, _day(typed)):
        raise ActRefusedError("这一天没有单独设定。")


def shown_value(key: str, value: int) -> str:
    """A rule's number as staff read it."""
    measure = RULES[key].measure
    if measure is Measure.YES_NO:
        return "是" if value else "否"
    units = {
        Measure.MINUTES: "分钟",
        Measure.HOURS: "小时",
        Measure.DAYS: "天",
        Measure.PERCENT: "%",
    }
    unit = "点" if key.startswith("working.") else units.get(measure, "")
    return f"{value}{unit}"


async def _may_change(connection: Connection, by: By) -> None:
    await claim(connection, by)
    if not may_change_rules(by.unit_id, by.roles):
        raise ActRefusedError("只有热线中心的管理员能改规则。")


def _day(typed: str) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise ActRefusedError("请填写日期。") from None
    if day.year not in _YEARS:
        raise ActRefusedError("请填写日期。")
    return day
