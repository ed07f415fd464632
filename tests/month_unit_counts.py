"""What the script has counted of units and their people, as plain SQL finds it; and what a month must have had of each kind."""

from collections.abc import Mapping

from handlers.decide import KINDS
from handlers.result import ResultKind
from handlers.return_unit import REASONS
from handlers.whistle import WHISTLE_TYPES
from tests.month_city import HEIRS
from tests.month_script import Script
from tests.office import STAFF

GRADES = {"I": 2, "II": 24, "III": 7 * 24, "IV": 15 * 24}  # hours to answer

FOUND_OF_UNITS: dict[str, str] = {
    "led at last": """
        select u.code, count(*) from tickets t join units u on u.id = t.lead_unit_id group by 1
    """,
    # Phones that act for a unit are no people.
    "staff": """
        select coalesce(u.code, ''), count(*) from staff s left join units u on u.id = s.unit_id
        where s.login not like 'contact-%' group by 1
    """,
    "people": """
        select case when surge_id is not null then 'sent home' else 'gone' end, count(*) from staff
        where not active and login not like 'contact-%' group by 1
        union all select 'away', count(*) from staff where away_until is not null having count(*) > 0
    """,
    "offices": "select kind, count(*) from offices group by 1",
    "told in person": """
        select event, count(*) from unit_notices
        where staff_id is not null and event in ('handed_on', 'handed_over', 'hand_taken_back') group by 1
    """,
    "notes": """
        select case when data ? 'shared' then 'shared' else 'own' end, count(*) from ticket_events
        where type = 'noted' group by 1
    """,
    "templates": """
        select concat_ws(' ', u.code, case when r.used = 1 then 'used once' else 'not used once' end), count(*)
        from (select p.unit_id, (select count(*) from ticket_events e where e.type = 'replied'
                  and e.unit_id = p.unit_id and e.note = p.body) as used from reply_templates p) r
        join units u on u.id = r.unit_id group by 1
    """,
    "whistles": "select concat_ws(' ', type, purpose), count(*) from whistles group by 1",
    "told of whistles": """
        select concat_ws(' ', u.code, case when n.staff_id is null then 'desk' else 'on duty' end), count(*)
        from unit_notices n join units u on u.id = n.unit_id where n.event = 'whistled' and n.urgent group by 1
    """,
    "named late": """
        select concat_ws(' ', coalesce(u.code, 'centre'), n.audience), count(*)
        from unit_notices n left join units u on u.id = n.unit_id where n.event = 'whistle_late' group by 1
    """,
    "conclusions": """
        select coalesce(u.code, 'nobody''s'), count(*) from whistles w left join units u on u.id = w.found_unit_id
        where w.state = 'closed' group by 1
    """,
    "scores of callers": """
        select concat_ws(' ', u.code, c.of_caller), count(*) from whistle_calls c
        join whistles w on w.id = c.whistle_id join units u on u.id = w.unit_id where c.of_caller is not null group by 1
    """,
    "reasons of returns": "select reason, count(*) from applications where kind = 'return' group by 1",
    "demands": """
        select concat_ws(' ', case when staff_id is null then 'by rule' else 'by hand' end,
            case when answered_at is null then 'silent' else 'answered' end,
            case when ended_at is null then 'open' else 'ended' end), count(*) from supervisions group by 1
    """,
    "kinds of marks": """
        select concat_ws(' ', kind, case when taken_back_at is not null then 'taken back'
            when handed_over_at is not null then 'handed over' else 'confirmed' end), count(*)
        from marks where confirmed_at is not null group by 1
    """,
    "of events": """
        select s.name, count(*) from tickets t join surges s on s.id = t.surge_id group by 1
    """,
    "answers of events": """
        select s.name || ' ' || a.said, count(*) from surveys v join tickets t on t.id = v.ticket_id
        join surges s on s.id = t.surge_id cross join lateral (values
            (case when v.contacted then 'yes' when not v.contacted then 'no' end || ' contacted'),
            (v.solved || ' solved'), (v.result || ' result')) as a (said)
        where a.said is not null group by 1
    """,
    "reports": """
        select s.name || ' ' || r.what, round((s.report ->> r.key)::numeric * r.times)::int
        from surges s cross join (values ('tickets', 'tickets', 1), ('contacted', 'response', 1000000),
            ('solved', 'resolution', 1000000), ('result', 'satisfaction', 1000000)) as r (what, key, times)
        where s.report ->> r.key is not null
    """,
    # Of what was opened in a talk, and never moved since.
    "limits": """
        select concat_ws(' ', t.grade, round(extract(epoch from t.due_at - t.opened_at) / 3600, 2)::float8), count(*)
        from tickets t where t.source = 'resident' and t.round = 1 and not exists (
            select from ticket_events e where e.ticket_id = t.id and e.type in ('extended', 'held')) group by 1
    """,
    "clocks of statutes": """
        select concat_ws(' ', t.topic, e.type, 'after', floor(extract(epoch from e.at - t.opened_at) / 86400)), count(*)
        from ticket_events e join tickets t on t.id = e.ticket_id
        where t.topic = 'T096' and e.type like 'clock%' and e.note like '答复%' group by 1
    """,
    "asked overdue": """
        select t.topic || ' after ' || floor(extract(epoch from s.created_at - t.opened_at) / 86400) || ' days', count(*)
        from surveys s join tickets t on t.id = s.ticket_id where s.overdue and s.round = 1 group by 1
    """,
}
# What no month is without, whichever way the dice fall.
MUST: Mapping[str, tuple[str, ...]] = {
    "results": tuple(ResultKind),
    "reasons of returns": tuple(REASONS),
    "applications": tuple(f"{kind} {way}" for kind in KINDS for way in ("upheld", "refused")),
    "whistles": tuple(f"{kind} establish" for kind in WHISTLE_TYPES),
    "coordinations": ("area decided", "area passed_up", "trade decided", "conference decided"),
    "demands": ("by hand answered ended", "by hand silent ended", "by rule answered ended"),
    "kinds of marks": (
        "false_closing confirmed",
        "shirking handed over",
        "shirking taken back",
    ),
    "limits": tuple(f"{grade} {hours}" for grade, hours in GRADES.items()),
    "asked overdue": ("T031 after 7 days", "T096 after 10 days"),
    "surge tickets": ("marked",),
    "people": ("away", "gone", "sent home"),
}


def count_at_last(script: Script) -> None:
    """What is to be found of all tickets and people when the month is over."""
    count = script.month.count
    for matter in script.told:
        count("led at last", matter.lead)
        if matter.opened_at is not None and matter.round == 1 and not matter.moved:
            count("limits", f"{matter.grade} {matter.hours or GRADES[matter.grade]:g}")
    for _, unit in {**STAFF, **script.month.office.hired}.values():
        count("staff", HEIRS.get(unit, unit))


def missing(expected: Mapping[str, Mapping[str, int]]) -> list[str]:
    """What should have happened in the month, and has not."""
    return [
        f"{what}: {key}" for what, keys in MUST.items() for key in keys if not expected[what][key]
    ]
