"""Green channel (绿色通道), its beginning: with the consumer's consent the enterprise has a ticket before its regulator."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dialogs.requests import Draft
from dialogs.words import Kind
from handlers.case_timers import CASE, RECONCILIATION
from handlers.dispatch import Decision, UnitRef
from handlers.effects import Effects
from store.green import Reconciliation
from store.tickets import TicketRow
from store.timers import TimerRow


@dataclass(frozen=True, slots=True)
class Settling:
    """An enterprise is to settle it first; `regulator` leads otherwise, None: the centre decides who; `assist` assist it."""

    enterprise: UnitRef
    regulator: UnitRef | None
    assist: tuple[UnitRef, ...]
    span: timedelta

    def decision(self, otherwise: Decision) -> Decision:
        """Where the ticket goes for now."""
        how = f"市民同意先由{self.enterprise.short_name}协商（绿色通道），谈不成再交监管部门"
        return replace(otherwise, lead=self.enterprise, assist=(), why=f"{otherwise.why}；{how}")


def settling(draft: Draft, decision: Decision, span: timedelta) -> Settling | None:
    """Whether an enterprise settles it first: only with consent, never a tip-off, never where the resident is hidden."""
    hidden = draft.confidential or draft.anonymous or draft.kind is Kind.TIP_OFF
    if not draft.green or hidden or draft.emergency or decision.green is None:
        return None
    return Settling(decision.green, decision.lead, tuple(decision.assist), span)


def begin_settling(effects: Effects, ticket: TicketRow, first: Settling, now: datetime) -> None:
    """Note the consent, and when the enterprise's time is over; the ticket's limit is that too."""
    regulator = first.regulator.id if first.regulator else None
    assist = [unit.id for unit in first.assist]
    row = Reconciliation(ticket.id, first.enterprise.id, regulator, now, ticket.due_at, assist)
    effects.reconciliations.append(row)
    kind = f"{RECONCILIATION}:{ticket.id}"
    effects.timers.append(TimerRow(CASE, ticket.id, kind, ticket.conversation_id, ticket.due_at))
