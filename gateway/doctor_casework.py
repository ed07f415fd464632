"""What an operator should know of casework: rules, calendar, people who are missing, phones that hear nothing."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.finding import Finding
from handlers.edit_rules import read_rules
from handlers.rules import RULES, Rules, refused_value
from store import peopled, rosters, rule_values, unit_contacts
from store.database import Connection

MOST_NAMED = 3
LOOK_AHEAD = timedelta(days=7)
ANNOUNCED_MONTH = 12  # next year's holidays are announced in November


async def casework(
    connection: Connection, timezone: ZoneInfo, now: datetime
) -> AsyncIterator[Finding]:
    """Look at everything of casework; nothing of it keeps the gateway from its work but a rule that cannot be."""
    yield _rules(await rule_values.in_force(connection))
    yield _calendar(await read_rules(connection), now.astimezone(timezone))
    lacking = await peopled.lacking(connection)
    yield _people("desks", "with tickets have nobody who signs", lacking.desks)
    yield _people("reviewers", "with tickets have nobody who reviews results", lacking.reviewers)
    yield _people("districts", "have nobody who decides: the centre does", lacking.districts)
    yield await _roster(connection, now)
    yield _contacts(await unit_contacts.failing(connection))


def _rules(changed: dict[str, int]) -> Finding:
    wrong = [
        f"{key} is {value}, not {RULES[key].least} to {RULES[key].highest}"
        for key, value in sorted(changed.items())
        if key in RULES and refused_value(key, value)
    ]
    unknown = sorted(changed.keys() - RULES.keys())
    if wrong:
        return Finding("rules", f"{'; '.join(wrong)}: see `jiesu rules`", fault=True)
    if unknown:
        return Finding("rules", f"no longer known: {', '.join(unknown)}", doubt=True)
    return Finding("rules", f"{len(changed)} changed, all within their limits")


def _calendar(rules: Rules, today: datetime) -> Finding:
    year = today.year + 1
    if today.month < ANNOUNCED_MONTH or any(day.year == year for day, _ in rules.days):
        return Finding("calendar", f"{len(rules.days)} days of your own")
    note = f"compare {year}'s working days with those announced, at /console/rules"
    return Finding("calendar", note, doubt=True)


def _people(about: str, what: str, names: Sequence[str]) -> Finding:
    if not names:
        return Finding(about, "nobody is missing")
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return Finding(about, f"{'、'.join(names[:MOST_NAMED])}{rest} {what}", doubt=True)


async def _roster(connection: Connection, now: datetime) -> Finding:
    turns = await rosters.coming(connection, None, now)
    if any(turn.begins_at < now + LOOK_AHEAD for turn in turns):
        return Finding("roster", "somebody of the centre is on duty in the week to come")
    note = "nobody of the centre is on duty in the week to come: see /console/unit/roster"
    return Finding("roster", note, doubt=True)


def _contacts(failing: Sequence[unit_contacts.Failing]) -> Finding:
    if not failing:
        return Finding("unit contacts", "all hear what they are told")
    named = [f"{one.unit} {one.name} ({one.error})" for one in failing]
    return _people("unit contacts", "heard nothing of what they were told last", named)
