"""The life cycle of a ticket as a table; an act that the table does not know is refused."""

from enum import StrEnum

from dialogs.words import TicketState


class Act(StrEnum):
    """What can be done to a ticket so that its state may change."""

    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    RESOLVE = "resolve"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


class LifeCycleError(Exception):
    """The act does not fit the state that the ticket is in."""

    def __init__(self, state: TicketState, act: Act) -> None:
        super().__init__(f"{act} does not fit a ticket that is {state}")
        self.state = state
        self.act = act


_S = TicketState
MOVES: dict[tuple[TicketState, Act], TicketState] = {
    (_S.TRIAGE, Act.DISPATCH): _S.DISPATCHED,
    (_S.TRIAGE, Act.WITHDRAW): _S.WITHDRAWN,
    (_S.TRIAGE, Act.CLOSE): _S.CLOSED,
    (_S.DISPATCHED, Act.DISPATCH): _S.DISPATCHED,
    (_S.DISPATCHED, Act.SIGN): _S.HANDLING,
    (_S.DISPATCHED, Act.RETURN): _S.TRIAGE,
    (_S.DISPATCHED, Act.RESOLVE): _S.RESOLVED,  # by the centre, for all that have joined
    (_S.DISPATCHED, Act.WITHDRAW): _S.WITHDRAWN,
    (_S.DISPATCHED, Act.REOPEN): _S.DISPATCHED,
    (_S.DISPATCHED, Act.CLOSE): _S.CLOSED,
    (_S.HANDLING, Act.DISPATCH): _S.DISPATCHED,
    (_S.HANDLING, Act.RETURN): _S.TRIAGE,
    (_S.HANDLING, Act.RESOLVE): _S.RESOLVED,
    (_S.HANDLING, Act.WITHDRAW): _S.WITHDRAWN,
    (_S.HANDLING, Act.REOPEN): _S.DISPATCHED,
    (_S.HANDLING, Act.CLOSE): _S.CLOSED,
    (_S.RESOLVED, Act.WITHDRAW): _S.WITHDRAWN,
    (_S.RESOLVED, Act.CLOSE): _S.CLOSED,
    (_S.RESOLVED, Act.REOPEN): _S.DISPATCHED,
    (_S.CLOSED, Act.REOPEN): _S.DISPATCHED,
    (_S.WITHDRAWN, Act.REOPEN): _S.DISPATCHED,
}


def move(state: str, act: Act) -> TicketState:
    """The state after `act`; raises `LifeCycleError` when it does not fit."""
    before = TicketState(state)
    try:
        return MOVES[before, act]
    except KeyError:
        raise LifeCycleError(before, act) from None
