"""What an administrator types about a topic or a special jurisdiction, read and checked field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dialogs.words import Grade
from handlers.case import ActRefusedError, worded
from store.catalogue.columns import LEVELS, MOST_HOURS, SHORTEST_NAME
from store.catalogue.versions import JurisdictionRow, TopicDuty
from store.units import CITY_PREFIX, ENTERPRISE_PREFIX

LONGEST_NAME = 60
LONGEST_WORD = 20
YES = "yes"
DISTRICT_DIGITS = 6


def duty_of(before: TopicDuty, typed: Mapping[str, str], codes: Mapping[str, str]) -> TopicDuty:
    """A topic as typed: level, department, assists, enterprises (a line each), grade, hours, working, statute, dates, words.

    Words that are not in the form stay as they are. `codes`: those of units, by code and by name.
    """
    level, grade = typed["level"], typed["grade"]
    if level not in LEVELS or grade not in set(Grade):
        raise ActRefusedError("请选择层级和等级。")
    departments = _departments(codes)
    department = one_of(typed["department"], departments, "主办部门")
    duty = replace(
        before,
        level=level,
        grade=grade,
        department=department,
        assists=_listed(typed["assists"], departments, "协办部门"),
        enterprises=_listed(typed["enterprises"], _enterprises(codes), "企业"),
        dual=typed["dual"] == YES,
        green=typed["green"] == YES,
        statutory_minutes=_minutes(typed["hours"]),
        statutory_working=typed["working"] == YES,
        statute=worded(typed["statute"], "法规", longest=LONGEST_NAME, needed=False),
        valid_from=day_of(typed["valid_from"], "有效期"),
        valid_to=day_of(typed["valid_to"], "有效期"),
        keywords=_words(typed.get("keywords"), before.keywords),
        weak_keywords=_words(typed.get("weak_keywords"), before.weak_keywords),
    )
    _check(duty)
    return duty


def jurisdiction_of(typed: Mapping[str, str], codes: Mapping[str, str]) -> JurisdictionRow:
    """A special jurisdiction as typed: topic, place, lead, assists (a line each), source, dates; the place unchecked."""
    topic, place = typed["topic"], typed["place"].strip()
    if not topic and not place:
        raise ActRefusedError("请填写分类或者地点，至少一项。")
    lead = one_of(typed["lead"], codes, "主办单位")
    if not lead:
        raise ActRefusedError("请填写主办单位。")
    assists = _listed(typed["assists"], codes, "协办单位")
    if lead in assists:
        raise ActRefusedError("协办单位就是主办单位。")
    begins, ends = day_of(typed["valid_from"], "有效期"), day_of(typed["valid_to"], "有效期")
    _check_dates(begins, ends)
    source = worded(typed["source"], "依据", longest=200)
    return JurisdictionRow(topic, place, "", lead, list(assists), source, begins, ends)


def day_of(typed: str, name: str) -> date | None:
    """A day like 2026-12-01, None for nothing."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ActRefusedError(f"{name}请写成2026-12-01这样。") from None


def _check(duty: TopicDuty) -> None:
    if duty.level in ("both", "department") and not duty.department:
        raise ActRefusedError("部门办理、街道和部门双派的分类，要有主办部门。")
    if duty.level == "enterprise" and not duty.enterprises:
        raise ActRefusedError("企业办理的分类，至少要有一家企业。")
    if duty.statute and duty.statutory_minutes is None:
        raise ActRefusedError("填写了法规，请同时填写法定时限。")
    if not duty.keywords:
        raise ActRefusedError("每个分类至少要有一个关键词。")
    _check_dates(duty.valid_from, duty.valid_to)


def _words(typed: str | None, before: Sequence[str]) -> tuple[str, ...]:
    if typed is None:
        return tuple(before)
    words = lines(typed)
    wrong = next((word for word in words if not SHORTEST_NAME <= len(word) <= LONGEST_WORD), None)
    if wrong is not None:
        raise ActRefusedError(f"关键词“{wrong}”要有{SHORTEST_NAME}到{LONGEST_WORD}个字。")
    return tuple(words)


def _check_dates(begins: date | None, ends: date | None) -> None:
    if begins is not None and ends is not None and begins >= ends:
        raise ActRefusedError("有效期的截止要晚于开始。")


def _minutes(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= MOST_HOURS):
        raise ActRefusedError(f"法定时限请填1到{MOST_HOURS}之间的小时数。")
    return int(typed) * 60


def _departments(codes: Mapping[str, str]) -> dict[str, str]:
    """Departments by their own code and by the city's name for them; a district's own goes by the same code."""
    found: dict[str, str] = {}
    for name, code in codes.items():
        if code.startswith(CITY_PREFIX):
            own = code.removeprefix(CITY_PREFIX)
            found |= {name: own, own: own}
        elif (
            code[:DISTRICT_DIGITS].isdigit() and code[DISTRICT_DIGITS : DISTRICT_DIGITS + 1] == "-"
        ):
            own = code[DISTRICT_DIGITS + 1 :]
            found[own] = own
    return found


def _enterprises(codes: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, code in codes.items():
        if code.startswith(ENTERPRISE_PREFIX):
            own = code.removeprefix(ENTERPRISE_PREFIX)
            found |= {name: own, own: own}
    return found


def one_of(typed: str, known: Mapping[str, str], name: str) -> str:
    """What is meant by a name, a code, or both; empty for nothing."""
    typed = typed.strip()
    if not typed:
        return ""
    found = known.get(typed) or known.get(typed.split(" ")[-1])
    if found is None:
        raise ActRefusedError(f"{name}“{typed}”不在目录中，请填全称或代码。")
    return found


def _listed(typed: str, known: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_of(line, known, name) for line in lines(typed)))


def lines(typed: str) -> list[str]:
    """What stands in a field line by line, each once."""
    found = (line.strip() for line in typed.replace("\r", "").replace("|", "\n").split("\n"))
    return list(dict.fromkeys(line for line in found if line))
