"""The rules of casework and the working calendar: read by the centre and by heads, changed by administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from gateway.console.layout import missing, show
from gateway.console.running import run
from gateway.console.session import by, text
from gateway.keys import POOL, WORLD
from handlers.case import ActRefusedError
from handlers.edit_rules import (
    change_rule,
    may_change_rules,
    may_read_rules,
    read_rules,
    remove_own_day,
    set_own_day,
    shown_value,
)
from handlers.rules import ASSUMPTION, OWN_TERMS, RULES, Rule, Rules
from store import calendar_days, rule_values
from store.rule_values import Changed
from store.staff import StaffSession

DONE = {"changed": "规则已改，几秒内各处生效。", "day": "日历已改。"}
NEWEST = 500

# What the first part of a key is about.
GROUPS = {
    "派单": ("dispatch", "assist", "green", "community"),
    "签收、联系、答复的时限": ("sign", "contact", "feedback", "warn", "working"),
    "办理和审核": ("result", "review"),
    "退单、会商和裁定": ("return", "confer", "undecided"),
    "吹哨": ("whistle",),
    "协调、延期、挂账、督办": ("coordinate", "deliberate", "extension", "hold", "supervise"),
    "平战转换、领导接听": ("surge", "open_line"),
    "市民一侧": ("urge", "reopen", "group", "abuse", "unreasonable", "invalid"),
}
OTHER = "其他"
SOURCES = {ASSUMPTION: "估计", OWN_TERMS: "本热线的约定"}


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as the page shows it; `history` is newest first."""

    key: str
    rule: Rule
    value: int
    shown: str
    default: str
    source: str
    history: Sequence[tuple[Changed, str]]

    @property
    def changed(self) -> bool:
        """Whether it is otherwise than by default."""
        return self.value != self.rule.default


async def get_rules(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """All rules."""
    return await _page(request, session, {"done": DONE.get(request.query.get("done", ""), "")})


async def post_rule(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Change one."""
    who, key = await by(request, session), request.match_info["key"]
    value, note = await text(request, "value"), await text(request, "note")
    try:
        await run(request, lambda c: change_rule(c, who, key, value, note))
    except ActRefusedError as refused:
        typed = {"error": str(refused), "form": key, "typed": {"value": value, "note": note}}
        return await _page(request, session, typed, status=422)
    await _follow(request)
    raise web.HTTPSeeOther("/console/rules?done=changed")


async def post_day(request: web.Request, session: StaffSession) -> web.StreamResponse:
    """Set a day of the city's own, or leave it to the public calendar again."""
    who, act = await by(request, session), request.match_info["act"]
    day, note = await text(request, "day"), await text(request, "note")
    try:
        if act == "remove":
            await run(request, lambda c: remove_own_day(c, who, day))
        else:
            await run(request, lambda c: set_own_day(c, who, day, note, working=act == "working"))
    except ActRefusedError as refused:
        typed = {"error": str(refused), "form": "day", "typed": {"day": day, "note": note}}
        return await _page(request, session, typed, status=422)
    await _follow(request)
    raise web.HTTPSeeOther("/console/rules?done=day#calendar")


async def _follow(request: web.Request) -> None:
    """This process goes by the new rules at once, the others within seconds."""
    async with request.app[POOL].acquire() as connection:
        request.app[WORLD].rules = await read_rules(connection)


async def _page(
    request: web.Request,
    session: StaffSession,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> web.StreamResponse:
    staff = session.staff
    if not may_read_rules(staff.unit_id, staff.roles):
        return missing(request, session)
    async with request.app[POOL].acquire() as connection:
        rules = await read_rules(connection)
        history = await rule_values.history(connection, NEWEST)
        days = await calendar_days.all_days(connection)
    frame: dict[str, object] = {
        "groups": groups(rules, history),
        "days": days,
        "changes": may_change_rules(staff.unit_id, staff.roles),
        "done": "",
        "error": "",
        "form": "",
        "typed": {},
    }
    return show(request, session, "console/rules.html", frame | dict(context), status=status)


def groups(rules: Rules, history: Sequence[Changed]) -> dict[str, list[Line]]:
    """All rules, each under what it is about."""
    titles = {prefix: title for title, prefixes in GROUPS.items() for prefix in prefixes}
    found: dict[str, list[Line]] = {title: [] for title in (*GROUPS, OTHER)}
    for key, rule in RULES.items():
        value = rules.value(key)
        past = [(one, shown_value(key, one.value)) for one in history if one.key == key]
        shown, default = shown_value(key, value), shown_value(key, rule.default)
        source = SOURCES.get(rule.source, rule.source)
        line = Line(key, rule, value, shown, default, source, past)
        found[titles.get(key.partition(".")[0], OTHER)].append(line)
    return {title: lines for title, lines in found.items() if lines}
