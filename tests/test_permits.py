"""Who may do what: the table offers every act somewhere, and refuses the rest with a sentence."""

import itertools
from pathlib import Path

from dialogs.words import Role, TicketState
from gateway import console
from gateway.console.acts import ACTS
from gateway.console.case.offers import FORMS
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
        for standing in (Standing.LEAD, Standing.ASSIST, Standing.CALLED, Standing.PARTY)
        for share in ("open", "signed", "done")
    ),
    Hold(Standing.CENTRE, joined=True),
    Hold(Standing.LEAD, "signed", joined=True),
]

# What may be done at any time: it says something about the ticket and moves it nowhere.
AFTERWARDS = {
    *(StaffAct.NOTE, StaffAct.FORWARD, StaffAct.PRINT, StaffAct.EXPORT, StaffAct.RATE_WHISTLE),
    *(StaffAct.MARK, StaffAct.CONFIRM_MARK, StaffAct.TAKE_BACK_MARK, StaffAct.HAND_TO_DISCIPLINE),
    *(StaffAct.MARK_ABUSE, StaffAct.CONFIRM_ABUSE, StaffAct.LIFT_ABUSE, StaffAct.END_SUPERVISION),
}


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
    template = Path(console.__file__).parent.parent / "templates" / "console" / "ticket_forms.html"
    text = template.read_text("utf-8")
    assert all(f'begin("{act}"' in text for act in ACTS)
    assert not set(ACTS) & set(FORMS)
    assert set(ACTS) | set(FORMS) == set(StaffAct)


def test_what_is_refused_is_refused_in_a_sentence() -> None:
    for state, hold, act in itertools.product(TicketState, HOLDS, StaffAct):
        said = refusal(act, state, hold, ALL_ROLES)
        assert said is None or said.endswith("。")


def test_nothing_is_done_to_a_ticket_that_has_ended_but_what_leaves_its_course_alone() -> None:
    for state, hold in itertools.product((TicketState.CLOSED, TicketState.WITHDRAWN), HOLDS):
        offered = set(possible(state, hold, ALL_ROLES))
        corrects = state is TicketState.CLOSED and hold.standing is Standing.CENTRE
        assert offered - AFTERWARDS == ({StaffAct.RETOPIC} if corrects else set())


def test_who_has_no_role_does_nothing() -> None:
    for state, hold in itertools.product(TicketState, HOLDS):
        assert possible(state, hold, frozenset()) == []


def test_who_had_a_share_may_only_say_how_the_work_together_was() -> None:
    for state in TicketState:
        assert possible(state, Hold(Standing.FORMER), ALL_ROLES) == [StaffAct.RATE_WHISTLE]


def test_a_units_standing_is_that_of_its_newest_share() -> None:
    shares = [share(1, "lead", "returned"), share(2, "assist", "ended"), share(3, "lead", "open")]
    assert hold_of(None, shares) == Hold(Standing.CENTRE)
    assert hold_of(1, shares) is None
    assert hold_of(2, shares) == Hold(Standing.FORMER)
    assert hold_of(3, shares) == Hold(Standing.LEAD, "open")
    assert hold_of(9, shares) == Hold(Standing.SUPERIOR)
    assert hold_of(4, shares) is None
    assert hold_of(2, [*shares, share(2, "lead", "signed")]) == Hold(Standing.LEAD, "signed")


def test_a_unit_may_do_all_that_any_of_its_standings_allows() -> None:
    shares = [
        share(1, "lead", "signed"),
        share(2, "assist", "signed"),
        share(2, "called", "open"),
        share(9, "party", "open"),
    ]
    called = hold_of(2, shares)
    above = hold_of(9, shares)
    assert called == Hold(Standing.ASSIST, "signed", beside=((Standing.CALLED, "open"),))
    assert above == Hold(Standing.PARTY, "open", beside=((Standing.SUPERIOR, ""),))
    assert refusal(StaffAct.REPORT_IN, TicketState.HANDLING, called, ALL_ROLES) is None
    assert refusal(StaffAct.SCREEN, TicketState.HANDLING, above, ALL_ROLES) is None
    assert refusal(StaffAct.RESOLVE, TicketState.HANDLING, called, ALL_ROLES) is not None
