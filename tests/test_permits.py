"""Who may do what: the table offers every act somewhere, and refuses the rest with a sentence."""

import itertools
from pathlib import Path

from dialogs.words import Role, TicketState
from gateway import console
from gateway.console.acts import ACTS
from handlers.permits import hold_of, possible, refusal
from handlers.staff_acts import Hold, StaffAct, Standing
from store.casework import Share

ALL_ROLES = frozenset(Role)
HOLDS = [
    Hold(Standing.CENTRE),
    Hold(Standing.SUPERIOR),
    Hold(Standing.FORMER),
    *(
        Hold(standing, share)
        for standing in (Standing.LEAD, Standing.ASSIST)
        for share in ("open", "signed", "done")
    ),
    Hold(Standing.CENTRE, joined=True),
    Hold(Standing.LEAD, "signed", joined=True),
]


def share(unit_id: int, role: str, state: str) -> Share:
    return Share(unit_id, "", 9, role, state)


def test_every_act_is_possible_for_somebody_sometimes() -> None:
    offered = {
        act
        for state, hold in itertools.product(TicketState, HOLDS)
        for act in possible(state, hold, ALL_ROLES)
    }
    assert offered == set(StaffAct)


def test_every_act_has_its_form_and_its_handler() -> None:
    template = Path(console.__file__).parent.parent / "templates" / "console" / "ticket.html"
    text = template.read_text("utf-8")
    assert all(f'begin("{act}"' in text for act in StaffAct)
    assert set(ACTS) == set(StaffAct)


def test_what_is_refused_is_refused_in_a_sentence() -> None:
    for state, hold, act in itertools.product(TicketState, HOLDS, StaffAct):
        said = refusal(act, state, hold, ALL_ROLES)
        assert said is None or said.endswith("。")


def test_nothing_is_done_to_a_ticket_that_has_ended_but_to_put_its_topic_right() -> None:
    for state, hold in itertools.product((TicketState.CLOSED, TicketState.WITHDRAWN), HOLDS):
        corrects = state is TicketState.CLOSED and hold.standing is Standing.CENTRE
        assert possible(state, hold, ALL_ROLES) == [StaffAct.RETOPIC] * corrects


def test_readers_and_those_without_a_role_do_nothing() -> None:
    for state, hold in itertools.product(TicketState, HOLDS):
        assert possible(state, hold, frozenset()) == []
        if hold.standing in (Standing.SUPERIOR, Standing.FORMER):
            assert possible(state, hold, ALL_ROLES) == []


def test_a_units_standing_is_that_of_its_newest_share() -> None:
    shares = [share(1, "lead", "returned"), share(2, "assist", "ended"), share(3, "lead", "open")]
    assert hold_of(None, shares) == Hold(Standing.CENTRE)
    assert hold_of(1, shares) is None
    assert hold_of(2, shares) == Hold(Standing.FORMER)
    assert hold_of(3, shares) == Hold(Standing.LEAD, "open")
    assert hold_of(9, shares) == Hold(Standing.SUPERIOR)
    assert hold_of(4, shares) is None
    assert hold_of(2, [*shares, share(2, "lead", "signed")]) == Hold(Standing.LEAD, "signed")
