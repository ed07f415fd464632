"""Events in force (平战转换) as every process knows them: read with the rules, asked by turns without a query."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from dialogs.dialog import Line
from dialogs.known import KnownAnswer
from dialogs.requests import Draft
from dialogs.surges import Surge
from dialogs.understanding.knowledge import fit
from dialogs.understanding.text import fold, is_chinese
from dialogs.words import Grade, Language
from handlers.dispatch import Decision, UnitRef
from handlers.effects import Effects
from store import surges
from store.database import Connection
from store.surges import SurgeRow, Told
from store.tickets import EventRow, TicketRow

IN_SURGE = "in_surge"  # the event on a ticket that is marked


@dataclass(frozen=True, slots=True)
class SurgeInForce:
    """An event with what its tickets get. `answers` are told to all of them who have not asked anything else."""

    surge: Surge
    name: str
    lead_unit_id: int | None = None
    script: str = ""  # what its lines greet with
    expert_line: str = ""  # whom its callers are handed to who want a person
    answers: tuple[Told, ...] = ()

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
    return tuple(_in_force(row, told) for row in rows)


def _in_force(row: SurgeRow, told: Sequence[Told]) -> SurgeInForce:
    return SurgeInForce(
        surge=Surge(
            id=row.id,
            lines=frozenset(row.lines),
            topics=frozenset(row.topic_codes),
            places=frozenset(row.place_codes),
            words=tuple(map(fold, row.words)),
            grade=Grade(row.grade) if row.grade else None,
            short=bool(row.script),
        ),
        name=row.name,
        lead_unit_id=row.lead_unit_id,
        script=row.script,
        expert_line=row.expert_line,
        answers=tuple(one for one in told if one.id in row.article_ids),
    )


def in_force_for(found: Sequence[SurgeInForce], draft: Draft, line: str) -> SurgeInForce | None:
    """The event that a matter is about, None for all else."""
    return next((one for one in found if one.surge.takes(draft, line)), None)


def with_scripts(lines: Mapping[str, Line], found: Sequence[SurgeInForce]) -> Mapping[str, Line]:
    """Our numbers as they are while events are in force: those named greet with the script and have the expert seat."""
    changed = dict(lines)
    for one in reversed(found):
        for number in one.surge.lines & changed.keys():
            line = changed[number]
            said = {**line.greeting, Language.CHINESE: one.script} if one.script else line.greeting
            expert = one.expert_line or line.second_line
            changed[number] = replace(line, greeting=said, second_line=expert)
    return MappingProxyType(changed)


def note_surge(effects: Effects, found: Sequence[SurgeInForce], ticket: TicketRow) -> None:
    """Say on a new ticket which event it belongs to."""
    name = next((one.name for one in found if one.surge.id == ticket.surge_id), "")
    effects.events.append(
        EventRow(ticket.id, ticket.opened_at, IN_SURGE, "system", None, None, name)
    )
