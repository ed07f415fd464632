"""What staff can do to a ticket, what each act is called, and how a unit may stand to a ticket."""

from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import Role, TicketState


class StaffAct(StrEnum):
    """What staff can do to a ticket."""

    SIGN = "sign"
    HAND_ON = "hand_on"
    TAKE_BACK = "take_back"
    HAND_OVER = "hand_over"
    CONTACT = "contact"
    REPLY = "reply"
    PROGRESS = "progress"
    NOTE = "note"
    EVIDENCE = "evidence"
    ASSIST = "assist"
    RESOLVE = "resolve"
    REVIEW = "review"
    WHISTLE = "whistle"
    REPORT_IN = "report_in"
    WHISTLE_OPINION = "whistle_opinion"
    CLOSE_WHISTLE = "close_whistle"
    RATE_WHISTLE = "rate_whistle"
    RETURN = "return"
    CORRECT = "correct"
    TAKE_BACK_APPLICATION = "take_back_application"
    SCREEN = "screen"
    DECIDE = "decide"
    CONFER = "confer"
    COORDINATE = "coordinate"
    DELIBERATE = "deliberate"
    INVITE = "invite"
    OPINE = "opine"
    ESCALATE = "escalate"
    DECIDE_COORDINATION = "decide_coordination"
    EXTEND = "extend"
    HOLD = "hold"
    REVIEW_HOLD = "review_hold"
    WRITE_OFF = "write_off"
    UNREASONABLE = "unreasonable"
    SUPERVISE = "supervise"
    ANSWER_SUPERVISION = "answer_supervision"
    END_SUPERVISION = "end_supervision"
    MARK = "mark"
    CONFIRM_MARK = "confirm_mark"
    TAKE_BACK_MARK = "take_back_mark"
    HAND_TO_DISCIPLINE = "hand_to_discipline"
    RECONCILED = "reconciled"
    NOT_RECONCILED = "not_reconciled"
    COMMUNITY_SOLVED = "community_solved"
    COMMUNITY_GIVE_UP = "community_give_up"
    DISPATCH = "dispatch"
    RETOPIC = "retopic"
    JOIN = "join"
    SPLIT = "split"
    CLOSE_JOINED = "close_joined"
    MARK_GROUP = "mark_group"
    INVALID = "invalid"
    ASK_RELAY = "ask_relay"
    RELAY = "relay"
    MARK_ABUSE = "mark_abuse"
    CONFIRM_ABUSE = "confirm_abuse"
    LIFT_ABUSE = "lift_abuse"
    FORWARD = "forward"
    PRINT = "print"
    EXPORT = "export"


class Standing(StrEnum):
    """How somebody's unit stands to a ticket."""

    LEAD = "lead"
    ASSIST = "assist"
    CALLED = "called"  # by a whistle
    PARTY = "party"  # to a conference or a coordination
    SUPERIOR = "superior"  # the district of a unit that has it: may read, and decides what is put before it
    CENTRE = "centre"
    FORMER = "former"  # had a share in it that has ended: may read


@dataclass(frozen=True, slots=True)
class Hold:
    """A unit's standing, with the state of its own running share ("" when it has none).

    `joined`: the ticket follows another, and the standing is that to the other. `beside`: what else it is to the
    ticket, with those shares' states: a lead may be a party too, and a district that is called is still the one above.
    """

    standing: Standing
    share: str = ""
    joined: bool = False
    beside: tuple[tuple[Standing, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """What has to be true for an act. `shares` empty: no share of one's own is needed."""

    standings: frozenset[Standing]
    roles: frozenset[Role]
    states: frozenset[TicketState]
    shares: frozenset[str] = frozenset()
