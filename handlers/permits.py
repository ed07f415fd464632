"""Whether somebody may do an act now: `handlers/permit_table.py` read for one ticket, one unit, one member of staff."""

from collections.abc import Sequence

from dialogs.words import Role, TicketState
from handlers.permit_table import (
    ACT_NAMES,
    ARTICLE_ROLES,
    OF_ANY,
    OF_JOINED,
    PERMITS,
    UNIT_ARTICLE_ROLES,
)
from handlers.staff_acts import Hold, Permit, StaffAct, Standing
from store.casework import Share

_S = TicketState
STATE_NAMES: dict[TicketState, str] = {
    _S.TRIAGE: "待派单",
    _S.DISPATCHED: "待签收",
    _S.HANDLING: "办理中",
    _S.RESOLVED: "已办结，回访中",
    _S.CLOSED: "已结案",
    _S.WITHDRAWN: "已撤单",
}


# A unit that has several shares stands to the ticket by the first of these.
_NEARNESS = ("lead", "assist", "called", "party")


def hold_of(unit_id: int | None, shares: Sequence[Share]) -> Hold | None:
    """How a unit (None: the centre) stands to a ticket; None when it has nothing to do with it.

    A unit that gave a ticket back, or had it taken away, sees it no more.
    """
    if unit_id is None:
        return Hold(Standing.CENTRE)
    kept = [share for share in shares if share.state != "returned"]
    own = [share for share in kept if share.unit_id == unit_id]
    live = [share for share in own if share.state != "ended"]
    live.sort(key=lambda share: _NEARNESS.index(share.role))
    found = [(Standing(share.role), share.state) for share in live]
    if any(share.superior_id == unit_id for share in kept):
        found.append((Standing.SUPERIOR, ""))
    if own and not live:
        found.append((Standing.FORMER, ""))
    if not found:
        return None
    (standing, state), *beside = dict.fromkeys(found)
    return Hold(standing, state, beside=tuple(beside))


def refusal(act: StaffAct, state: TicketState, hold: Hold, roles: frozenset[Role]) -> str | None:
    """Why an act may not be done now, as a sentence for staff; None when it may."""
    permit, name = PERMITS[act], ACT_NAMES[act]
    fits = act in OF_JOINED if hold.joined else act is not StaffAct.SPLIT
    if not fits and act not in OF_ANY:
        return _joined_refusal(name, joined=hold.joined)
    ways = ((hold.standing, hold.share), *hold.beside)
    shares = [share for standing, share in ways if standing in permit.standings]
    if not shares:
        return _standing_refusal(name, hold, permit)
    if not permit.roles & roles:
        return f"您的角色不能{name}，请找本单位的收发员或负责人。"
    if permit.shares and permit.shares.isdisjoint(shares):
        return _share_refusal(name, shares[0])
    if state not in permit.states:
        hint = "请先签收。" if act is StaffAct.RESOLVE and state is _S.DISPATCHED else ""
        return f"工单现在是“{STATE_NAMES[state]}”，不能{name}。{hint}"
    return None


def _joined_refusal(name: str, *, joined: bool) -> str:
    if joined:
        return f"这张工单已并到另一张一起办，请在那一张上{name}。"
    return "这张工单没有并案，不用拆出。"


def _standing_refusal(name: str, hold: Hold, permit: Permit) -> str:
    if hold.standing is Standing.ASSIST and Standing.LEAD in permit.standings:
        return f"本单位是协办，由主办单位{name}；办理情况请用“协办答复”写给主办。"
    return f"这张工单现在不由您的单位经办，不能{name}。"


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
