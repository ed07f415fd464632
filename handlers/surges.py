"""Events in force (平战转换) as every process knows them: read with the rules, asked by turns without a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from dialogs.dialog import Line
from dialogs.known import KnownAnswer
from dialogs.requests import Draft
from dialogs.surges import Surge, surge_of
from dialogs.understanding.knowledge import fit
from dialogs.understanding.text import fold, is_chinese
from dialogs.words import Grade, Language
from handlers.dispatch import Decision, UnitRef
from handlers.effects import Effects
from store import surge_seats, surges
from store.database import Connection
from store.surge_seats import SurgeLine
from store.surges import SurgeRow, Told
from store.tickets import EventRow, TicketRow

IN_SURGE = "in_surge"  # the event on a ticket that is marked


@dataclass(frozen=True, slots=True)
class SurgeInForce:
    """An event with what its tickets get. `answers` are told to all of them who have not asked anything else."""

    surge: Surge
    name: str
    lead_unit_id: int | None = None
    scripts: Mapping[Language, str] = field(default_factory=dict)  # what its lines greet with
    expert_line: str = ""  # whom its callers are handed to who want a person
    expert_ids: frozenset[int] = frozenset()  # staff who take its talks in the console
    answers: tuple[Told, ...] = ()
    lines: tuple[SurgeLine, ...] = ()

    def line_of(self, draft: Draft, line: str) -> int | None:
        """Whose figures it counts in: the line that was called or entered by, else the first that has its topic."""
        called = (one.id for one in self.lines if line in {*one.numbers, one.entry})
        meant = (one.id for one in self.lines if draft.topic in one.topic_codes)
        return next(called, None) or next(meant, None)

    def routed(self, units: Mapping[int, UnitRef], draft: Draft) -> Decision | None:
        """To whom it goes; None: as the catalogue says. Danger to life always goes there."""
        lead = units.get(self.lead_unit_id or 0)
        if lead is None or draft.emergency:
            return None
        return Decision(lead, (), f"平战转换“{self.name}”，直派{lead.short_name}")

    def known_answers(self, draft: Draft) -> tuple[KnownAnswer, ...]:
        """What everybody whose matter this is has to know, what fits theirs best first."""
        language = Language.CHINESE if is_chinese(draft.matter) else Language.ENGLISH
        found = [
            KnownAnswer(
                article_id=one.id,
                question=one.question,
                answer=one.answer,
                unit=one.unit,
                valid_until=one.valid_until,
                fit=fit(draft.matter, (one.question, *one.variants), one.answer),
                unasked=True,
            )
            for one in self.answers
            if one.language == language
        ]
        return tuple(sorted(found, key=lambda one: -one.fit))


async def read_surges(connection: Connection, today: date) -> tuple[SurgeInForce, ...]:
    """All events in force, the newest first."""
    rows = await surges.open_ones(connection)
    wanted = sorted({id_ for row in rows for id_ in row.article_ids})
    told = await surges.told(connection, wanted, today) if wanted else []
    lines = await surge_seats.lines(connection, [row.id for row in rows])
    return tuple(_in_force(row, told, lines.get(row.id, ())) for row in rows)


def _in_force(row: SurgeRow, told: Sequence[Told], lines: Sequence[SurgeLine]) -> SurgeInForce:
    scripts = {Language.CHINESE: row.script, Language.ENGLISH: row.script_en}
    scripts = {language: said for language, said in scripts.items() if said}
    return SurgeInForce(
        surge=Surge(
            id=row.id,
            lines=frozenset(key for one in lines for key in (*one.numbers, one.entry)),
            topics=frozenset(row.topic_codes).union(*(one.topic_codes for one in lines)),
            places=frozenset(row.place_codes),
            words=tuple(map(fold, row.words)),
            grade=Grade(row.grade) if row.grade else None,
            short=frozenset(scripts),
        ),
        name=row.name,
        lead_unit_id=row.lead_unit_id,
        scripts=scripts,
        expert_line=row.expert_line,
        expert_ids=frozenset(row.expert_ids),
        answers=tuple(one for one in told if one.id in row.article_ids),
        lines=tuple(lines),
    )


def in_force_for(found: Sequence[SurgeInForce], draft: Draft, line: str) -> SurgeInForce | None:
    """The event that a matter is about, None for all else."""
    surge = surge_of([one.surge for one in found], draft, line)
    return next((one for one in found if one.surge is surge), None)


def with_scripts(lines: Mapping[str, Line], found: Sequence[SurgeInForce]) -> Mapping[str, Line]:
    """Our numbers, and entries of the residents' page, as they are while events are in force.

    Those of an event have its name of them, greet with its script and have its expert seat.
    """
    changed = dict(lines)
    for one in found:
        for line in one.lines:
            for key in (*line.numbers, line.entry):
                changed[key] = _named(changed.get(key, Line(key)), one, line)
    return MappingProxyType(changed)


def _named(known: Line, surge: SurgeInForce, line: SurgeLine) -> Line:
    return replace(
        known,
        name=line.name,
        greeting={**known.greeting, **surge.scripts},
        topic=line.topic_codes[0] if len(line.topic_codes) == 1 else known.topic,
        second_line=surge.expert_line or known.second_line,
    )


def note_surge(effects: Effects, found: Sequence[SurgeInForce], ticket: TicketRow) -> None:
    """Say on a new ticket which event it belongs to."""
    name = next((one.name for one in found if one.surge.id == ticket.surge_id), "")
    effects.events.append(
        EventRow(ticket.id, ticket.opened_at, IN_SURGE, "system", None, None, name)
    )


def overlaps(found: Sequence[SurgeInForce], surge_id: int) -> tuple[str, ...]:
    """Sentences on which event a matter is counted for that this one and another in force both fit."""
    own = next((one for one in found if one.surge.id == surge_id), None)
    if own is None:
        return ()
    return tuple(
        f"和“{one.name}”有重叠（{shared}）：打了哪一次的专线就算哪一次，"
        f"其余算后启动的“{min(own, one, key=found.index).name}”。"
        for one in found
        if one is not own and (shared := _shared(own.surge, one.surge))
    )


def _shared(one: Surge, other: Surge) -> str:
    """What both are known by, where their places may meet; "" where nothing is."""
    if one.places and other.places and not _meet(one.places, other.places):
        return ""
    topics, words = sorted(one.topics & other.topics), sorted(set(one.words) & set(other.words))
    parts = (("分类", topics), ("关键词", words))
    return "；".join(f"{name}{'、'.join(shared)}" for name, shared in parts if shared)


def _meet(some: frozenset[str], others: frozenset[str]) -> bool:
    """Codes of areas begin with those of the areas that they lie in."""
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)
