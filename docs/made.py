"""Parts of the pages that are made from the code's own tables, between `<!-- made: NAME -->` and `<!-- end -->`."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import time, timedelta
from pathlib import Path
from typing import TypeVar

from dialogs.repertoire import REPERTOIRE
from dialogs.words import GRADE_HOURS, Delivery, Grade, Role, TicketState
from docs.meanings import DELIVERIES, DIALOGS, GRADES, LIMITS, SETTINGS
from gateway.config import Settings, SettingsError
from gateway.console.case.applications import STATE_NAMES as APPLICATION_NAMES
from gateway.console.names import DELIVERY_NAMES, GRADE_NAMES
from handlers.applications import APPLICATION_MOVES
from handlers.clocks import ON_HOLD, STOPPED, Clock
from handlers.coordinations import TALK_MOVES, TALK_STATES
from handlers.life_cycle import MOVES
from handlers.permit_table import TABLE
from handlers.permits import STATE_NAMES
from handlers.rules import RULES, Measure
from handlers.staff_acts import Standing

_S = TypeVar("_S", bound=str)
_A = TypeVar("_A", bound=str)

PAGES = Path(__file__).parent
PROJECT = PAGES.parent

_COUNTED = {
    Measure.MINUTES: "min",
    Measure.HOURS: "h",
    Measure.DAYS: "d",
    Measure.COUNT: "",
    Measure.PERCENT: "%",
    Measure.YES_NO: "(1 yes, 0 no)",
}
_PART = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> list[Path]:
    """All pages of the documentation."""
    return sorted([*PROJECT.glob("*.md"), *PAGES.rglob("*.md")])


def filled(page: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """A page with those of `parts` that it has a place for; other places stay as they are."""

    def fill(found: re.Match[str]) -> str:
        make = parts.get(found[2])
        return f"{found[1]}{make()}{found[3]}" if make else found[0]

    return _PART.sub(fill, page)


def life_cycle() -> str:
    """The life cycle of a ticket as a diagram."""
    names = {state: STATE_NAMES[state] for state in TicketState}
    return _diagram(MOVES, names, ("triage", "dispatched"))


def application_states() -> str:
    """How an application goes on."""
    return _diagram(APPLICATION_MOVES, APPLICATION_NAMES, ("open",))


def talk_states() -> str:
    """How a conference, a coordination, a deliberation goes on."""
    return _diagram(TALK_MOVES, TALK_STATES, ("open",))


def acts() -> str:
    """Every act of staff: who stands how to the ticket, in which role, and where the ticket is by then."""
    everywhere = frozenset(TicketState)
    rows = [
        (
            f"`{act}` {name}",
            _listed(Standing, permit.standings),
            _listed(Role, permit.roles),
            "any" if permit.states == everywhere else _listed(TicketState, permit.states),
            ", ".join(sorted(permit.shares - {""})),
        )
        for act, (name, permit) in TABLE.items()
    ]
    return _table(("act", "standing", "role", "ticket", "own share"), rows)


def _listed(order: Iterable[str], chosen: Collection[str]) -> str:
    return ", ".join(str(one) for one in order if one in chosen)


def _diagram(
    moves: Mapping[tuple[_S, _A], _S], names: Mapping[_S, str], begins: Iterable[str]
) -> str:
    """A table of moves, (state, act): state after, as a diagram."""
    shown = [f'    state "{state} {name}" as {state}' for state, name in names.items()]
    acts: dict[tuple[str, str], list[str]] = {}
    for (before, act), after in moves.items():
        acts.setdefault((before, after), []).append(act)
    drawn = [f"    {a} --> {b}: {', '.join(each)}" for (a, b), each in acts.items()]
    begin = [f"    [*] --> {state}: open" for state in begins]
    return "\n".join(["```mermaid", "stateDiagram-v2", *shown, *begin, *drawn, "```", ""])


def deliveries() -> str:
    """How far a message can have come."""
    rows = [(f"`{state}`", DELIVERY_NAMES[state], DELIVERIES[state]) for state in Delivery]
    return _table(("state", "console", "meaning"), rows)


def grades() -> str:
    """The time limits."""
    rows = [(grade, GRADE_NAMES[grade], str(GRADE_HOURS[grade]), GRADES[grade]) for grade in Grade]
    return _table(("grade", "console", "hours", "for"), rows)


def patience() -> str:
    """How long each dialog waits for an answer."""
    rows = [
        (f"`{name}`", ", then ".join(map(_seconds, dialog.patience)), DIALOGS[name])
        for name, dialog in REPERTOIRE.dialogs.items()
    ]
    return _table(("dialog", "waits", "then"), rows)


def limits() -> str:
    """Every other number that somebody may want changed."""
    rows = [(limit.what, _shown(limit.value), limit.source, f"`{limit.place}`") for limit in LIMITS]
    return _table(("rule", "value", "why", "changed in"), rows)


def settings() -> str:
    """All settings, in the order of the code."""
    needed = settings_needed()
    defaults = {name.upper(): _default(value) for name, value in _unset().items()}
    rows = [
        (
            f"`{name}`",
            SETTINGS[name],
            "**needed**" if name in needed else "",
            defaults.get(name, ""),
        )
        for name in defaults
    ]
    return _table(("variable", "meaning", "production", "default"), rows)


def settings_needed() -> set[str]:
    """What production refuses to start without."""
    try:
        Settings.from_env({}, production=True)
    except SettingsError as error:
        return {problem.split()[0] for problem in error.problems}
    return set()


def toy_channel() -> str:
    """The channel that is built in docs/adding-a-channel.md."""
    source = (PAGES / "toy_channel.py").read_text("utf-8")
    return f"```python\n{source}```\n"


def rules() -> str:
    """The rules of casework that operators change."""
    rows = [
        (f"`{key}`", rule.name, f"{rule.default} {_COUNTED[rule.measure]}".strip(), rule.source)
        for key, rule in RULES.items()
    ]
    return _table(("rule", "console", "default", "source"), rows)


def clocks() -> str:
    """Which clocks of a unit's share stop in which state."""
    rows = [
        (f"`{state}`", ", ".join(clock for clock in Clock if clock not in stopped) or "none")
        for state, stopped in STOPPED.items()
    ]
    held = ", ".join(clock for clock in Clock if clock not in ON_HOLD)
    return _table(("state", "clocks that run"), [*rows, ("on hold (挂账)", held)])


TABLES: dict[str, Callable[[], str]] = {
    "life-cycle": life_cycle,
    "application-states": application_states,
    "talk-states": talk_states,
    "acts": acts,
    "deliveries": deliveries,
    "grades": grades,
    "patience": patience,
    "limits": limits,
    "settings": settings,
    "rules": rules,
    "clocks": clocks,
    "toy-channel": toy_channel,
}


def _unset() -> dict[str, object]:
    """Every setting as it is when nothing is set; production's secret stands in for one that would be made."""
    nothing = Settings.from_env({"SECRET_KEY": "-" * 32}, production=False)
    return {field.name: getattr(nothing, field.name) for field in fields(nothing)}


def _default(value: object) -> str:
    match value:
        case None | () | "" | dict():  # nothing is set
            return ""
        case (time() as begin, time() as end):
            return f"`{begin:%H:%M}-{end:%H:%M}`"
        case tuple():
            return f"`{','.join(map(str, value))}`"
        case Path():
            return f"`{value.name}/`"
        case str() if set(value) == {"-"}:
            return "made once, in `dev`"
        case _:
            return f"`{value}`"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    return "".join(_lines(tuple(head), rows))


def _lines(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |\n"
    yield f"|{' --- |' * len(head)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def _shown(value: object) -> str:
    match value:
        case timedelta():
            return _seconds(int(value.total_seconds()))
        case tuple():
            return ", ".join(_seconds(int(each)) for each in value)
        case _:
            return str(value)


def _seconds(count: int) -> str:
    units = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    words = []
    for size, name in units:
        if count >= size and (name != "d" or count % size == 0):
            words.append(f"{count // size} {name}")
            count %= size
    return " ".join(words)
