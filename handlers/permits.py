"""Who may do what to a ticket: one table for the acts and for the forms that offer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogs.words import Role, TicketState
from store.casework import Share


class StaffAct(StrEnum):
    """What staff can do to a ticket."""

    SIGN = "sign"  # 签收
    CONTACT = "contact"  # 记录联系
    REPLY = "reply"  # 答复
    ASSIST = "assist"  # 协办答复
    RETURN = "return"  # 退单
    RESOLVE = "resolve"  # 办结
    DISPATCH = "dispatch"  # 人工派单
    RETOPIC = "retopic"  # 改分类
    JOIN = "join"  # 并案
    SPLIT = "split"  # 拆出单办


class Standing(StrEnum):
    """How somebody's unit stands to a ticket."""

    LEAD = "lead"
    ASSIST = "assist"
    SUPERIOR = "superior"  # the district of a unit that has it: may read
    CENTRE = "centre"
    FORMER = "former"  # had a share in it that has ended: may read


@dataclass(frozen=True, slots=True)
class Hold:
    """A unit's standing, with the state of its own running share ("" when it has none).

    `joined`: the ticket follows another, and the standing is that to the other.
    """

    standing: Standing
    share: str = ""
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Permit:
    """What has to be true for an act. `shares` empty: no share of one's own is needed."""

    standings: frozenset[Standing]
    roles: frozenset[Role]
    states: frozenset[TicketState]
    shares: frozenset[str] = frozenset()


_S = TicketState
_UNITS = frozenset({Standing.LEAD, Standing.ASSIST})
_LEAD = frozenset({Standing.LEAD})
_JOINS = frozenset({Standing.LEAD, Standing.CENTRE})
_RUNNING = frozenset({"open", "signed"})
_WORKED_ON = frozenset({_S.DISPATCHED, _S.HANDLING})
# What is done to a ticket that has joined another; all else is done to the one it follows.
_OF_JOINED = frozenset({StaffAct.CONTACT, StaffAct.REPLY, StaffAct.RETOPIC, StaffAct.SPLIT})
UNIT_ROLES = frozenset({Role.DESK, Role.HANDLER, Role.HEAD})
UNIT_TASK_ROLES = UNIT_ROLES | {Role.SUPERVISOR, Role.DISTRICT_ADMIN}  # 本单位的人工事项
DISPATCH_ROLES = frozenset({Role.DISPATCHER, Role.ADMIN})
RETOPIC_ROLES = DISPATCH_ROLES | {Role.QUALITY}
JOIN_ROLES = DISPATCH_ROLES | {Role.DESK, Role.HEAD}
INTAKE_ROLES = frozenset({Role.INTAKE, Role.DISPATCHER, Role.ADMIN})
CENTRE_ROLES = INTAKE_ROLES | {Role.SURVEYOR, Role.QUALITY, Role.SUPERVISOR}
ARTICLE_ROLES = frozenset({Role.QUALITY, Role.ADMIN})  # 知识库：全部
UNIT_ARTICLE_ROLES = frozenset({Role.REVIEWER, Role.HEAD})  # 知识库：本单位的

PERMITS: dict[StaffAct, Permit] = {
    StaffAct.SIGN: Permit(_UNITS, UNIT_ROLES, _WORKED_ON, frozenset({"open"})),
    StaffAct.CONTACT: Permit(_UNITS, UNIT_ROLES, _WORKED_ON, _RUNNING),
    StaffAct.REPLY: Permit(
        _UNITS | {Standing.CENTRE},
        UNIT_ROLES | INTAKE_ROLES,
        _WORKED_ON | {_S.TRIAGE},
        _RUNNING | {""},  # the centre has no share
    ),
    StaffAct.ASSIST: Permit(frozenset({Standing.ASSIST}), UNIT_ROLES, _WORKED_ON, _RUNNING),
    StaffAct.RETURN: Permit(_LEAD, frozenset({Role.DESK, Role.HEAD}), _WORKED_ON, _RUNNING),
    StaffAct.RESOLVE: Permit(_LEAD, UNIT_ROLES, frozenset({_S.HANDLING}), frozenset({"signed"})),
    StaffAct.DISPATCH: Permit(
        frozenset({Standing.CENTRE}), DISPATCH_ROLES, frozenset({_S.TRIAGE, _S.DISPATCHED})
    ),
    # Closed ones too: the figures are of what it was, and a model learns from what is right.
    StaffAct.RETOPIC: Permit(
        frozenset({Standing.CENTRE}), RETOPIC_ROLES, frozenset(_S) - {_S.WITHDRAWN}
    ),
    StaffAct.JOIN: Permit(_JOINS, JOIN_ROLES, _WORKED_ON | {_S.TRIAGE}),
    StaffAct.SPLIT: Permit(_JOINS, JOIN_ROLES, _WORKED_ON | {_S.TRIAGE}),
}

ACT_NAMES: dict[StaffAct, str] = {
    StaffAct.SIGN: "签收",
    StaffAct.CONTACT: "记录联系",
    StaffAct.REPLY: "答复市民",
    StaffAct.ASSIST: "协办答复",
    StaffAct.RETURN: "退单",
    StaffAct.RESOLVE: "办结",
    StaffAct.DISPATCH: "派单",
    StaffAct.RETOPIC: "改分类",
    StaffAct.JOIN: "并案",
    StaffAct.SPLIT: "拆出单办",
}

STATE_NAMES: dict[TicketState, str] = {
    _S.TRIAGE: "待派单",
    _S.DISPATCHED: "待签收",
    _S.HANDLING: "办理中",
    _S.RESOLVED: "已办结，回访中",
    _S.CLOSED: "已结案",
    _S.WITHDRAWN: "已撤单",
}


def hold_of(unit_id: int | None, shares: Sequence[Share]) -> Hold | None:
    """How a unit (None: the centre) stands to a ticket; None when it has nothing to do with it.

    A unit that gave a ticket back, or had it taken away, sees it no more.
    """
    if unit_id is None:
        return Hold(Standing.CENTRE)
    kept = [share for share in shares if share.state != "returned"]
    own = [share for share in kept if share.unit_id == unit_id]
    live = [share for share in own if share.state != "ended"]
    if live:
        return Hold(Standing(live[-1].role), live[-1].state)
    if own:
        return Hold(Standing.FORMER)
    if any(share.superior_id == unit_id for share in kept):
        return Hold(Standing.SUPERIOR)
    return None


def refusal(act: StaffAct, state: TicketState, hold: Hold, roles: frozenset[Role]) -> str | None:
    """Why an act may not be done now, as a sentence for staff; None when it may."""
    permit, name = PERMITS[act], ACT_NAMES[act]
    if act not in _OF_JOINED if hold.joined else act is StaffAct.SPLIT:
        return _joined_refusal(name, joined=hold.joined)
    if hold.standing not in permit.standings:
        return f"这张工单现在不由您的单位经办，不能{name}。"
    if not permit.roles & roles:
        return f"您的角色不能{name}，请找本单位的收发员或负责人。"
    if permit.shares and hold.share not in permit.shares:
        return _share_refusal(name, hold.share)
    if state not in permit.states:
        hint = "请先签收。" if act is StaffAct.RESOLVE and state is _S.DISPATCHED else ""
        return f"工单现在是“{STATE_NAMES[state]}”，不能{name}。{hint}"
    return None


def _joined_refusal(name: str, *, joined: bool) -> str:
    if joined:
        return f"这张工单已并到另一张一起办，请在那一张上{name}。"
    return "这张工单没有并案，不用拆出。"


def _share_refusal(name: str, share: str) -> str:
    if share == "open":
        return f"还没有签收，不能{name}。请先签收。"
    said = {"signed": "已经签收过了", "done": "本单位已经办完了"}.get(share, "本单位已不再经办")
    return f"{said}，不能{name}。"


def possible(state: TicketState, hold: Hold, roles: frozenset[Role]) -> list[StaffAct]:
    """The acts that somebody may do to a ticket now, in the order of the work."""
    return [act for act in StaffAct if refusal(act, state, hold, roles) is None]


def may_write_articles(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody of a unit (None: the centre) may write articles at all, be it of that unit only."""
    return bool(roles & (ARTICLE_ROLES if unit_id is None else UNIT_ARTICLE_ROLES))


def may_edit_article(unit_id: int | None, roles: frozenset[Role], of_unit: int | None) -> bool:
    """Whether somebody may edit an article that a unit (None: no one in particular) answers for."""
    own = unit_id is None or unit_id == of_unit
    return own and may_write_articles(unit_id, roles)
