"""How a ticket's page lays its forms out: what waits first, at most six in sight, the rest folded under headings."""

from gateway.console.case.form import Offered
from gateway.console.case.grouping import AT_ONCE, HEADING, Heading, Layout, lay_out
from handlers.staff_acts import StaffAct

A = StaffAct
LEAD = (A.JOIN, A.CONTACT, A.REPLY, A.PROGRESS, A.NOTE, A.EVIDENCE, A.RETURN, A.COORDINATE, A.PRINT)


def laid_out(
    *acts: StaffAct, state: str = "handling", contact: StaffAct | None = A.CONTACT
) -> Layout:
    return lay_out([Offered(act, act) for act in acts], state, contact)


def titles(layout: Layout) -> list[str]:
    return [part.title for part in layout.parts]


def opened(layout: Layout) -> StaffAct | None:
    return layout.first.act if layout.first else None


def test_every_act_has_its_heading() -> None:
    assert set(HEADING) == set(StaffAct)


def test_what_is_rare_is_folded_under_headings_that_name_it() -> None:
    layout = laid_out(*LEAD)
    assert titles(layout) == ["", Heading.SUPPORT, Heading.APPLY, Heading.OTHER]
    assert layout.parts[3].names == "内部备注、并案、打印"


def test_a_new_ticket_is_signed_first() -> None:
    layout = laid_out(*LEAD, A.SIGN, state="dispatched")
    assert opened(layout) is A.SIGN
    assert layout.parts[0].forms[0].act is A.SIGN


def test_until_the_resident_was_reached_the_next_step_is_to_call() -> None:
    assert opened(laid_out(*LEAD, A.RESOLVE)) is A.CONTACT
    assert opened(laid_out(*LEAD, A.RESOLVE, contact=None)) is A.RESOLVE


def test_who_is_confidential_is_contacted_through_the_centre() -> None:
    assert opened(laid_out(*LEAD, A.ASK_RELAY, contact=A.ASK_RELAY)) is A.ASK_RELAY


def test_no_result_is_suggested_while_a_whistle_is_open() -> None:
    assert opened(laid_out(*LEAD, A.RESOLVE, A.CLOSE_WHISTLE, contact=None)) is None


def test_what_somebody_waits_for_comes_before_the_work() -> None:
    assert opened(laid_out(*LEAD, A.ANSWER_SUPERVISION)) is A.ANSWER_SUPERVISION


def test_the_centre_dispatches_what_waits_for_it_and_has_nothing_open_elsewhere() -> None:
    acts = (A.DISPATCH, A.RETOPIC, A.REPLY, A.NOTE)
    assert opened(laid_out(*acts, state="triage")) is A.DISPATCH
    assert opened(laid_out(*acts, state="dispatched", contact=None)) is None


def test_work_that_does_not_fit_in_sight_is_folded() -> None:
    layout = laid_out(*LEAD, A.RESOLVE, A.HAND_ON, A.TAKE_BACK, A.HAND_OVER, A.SIGN)
    assert len(layout.parts[0].forms) == AT_ONCE
    assert layout.parts[1].names == "分办、收回、移交"


def test_all_that_waits_is_in_sight_however_much_it_is() -> None:
    layout = laid_out(*(A.OPINE,) * (AT_ONCE + 2), A.CONTACT)
    assert len(layout.parts[0].forms) == AT_ONCE + 2
    assert titles(layout) == ["", Heading.WORK]


def test_who_settles_with_the_resident_speaks_with_them_first() -> None:
    assert opened(laid_out(*LEAD, A.RECONCILED, A.NOT_RECONCILED)) is A.CONTACT
    assert opened(laid_out(*LEAD, A.RECONCILED, contact=None)) is A.RECONCILED
    assert opened(laid_out(*LEAD, A.COMMUNITY_SOLVED)) is A.CONTACT
