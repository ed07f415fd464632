"""A day or moment to come as residents read it, in the city's time."""

from datetime import datetime

from dialogs.words import Language
from handlers.case import Case
from handlers.notices import language_of
from handlers.world import World


def said_day(case: Case, moment: datetime) -> str:
    """A day; its year only where that is another one."""
    return day_in(case.world, _language(case), moment, case.by.at)


def day_in(world: World, language: Language, moment: datetime, now: datetime) -> str:
    """The same in a given language."""
    local, today = moment.astimezone(world.timezone), now.astimezone(world.timezone)
    other_year = local.year != today.year
    if language is Language.CHINESE:
        return f"{f'{local.year}年' if other_year else ''}{local.month}月{local.day}日"
    return f"{local.day} {local:%B}{f' {local.year}' if other_year else ''}"


def said_moment(case: Case, moment: datetime) -> str:
    """A day and the time of day."""
    return moment_in(case.world, _language(case), moment, case.by.at)


def moment_in(world: World, language: Language, moment: datetime, now: datetime) -> str:
    """The same in a given language."""
    between = "" if language is Language.CHINESE else " "
    local = moment.astimezone(world.timezone)
    return f"{day_in(world, language, moment, now)}{between}{local:%H:%M}"


def _language(case: Case) -> Language:
    return language_of(case.world, case.row) if case.row is not None else case.world.language
