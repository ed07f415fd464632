"""Who may do what to a ticket, and when: a row an act. `handlers/permits.py` reads it, `docs/rules.md` shows it."""

from dialogs.words import Role, TicketState
from handlers.staff_acts import Permit, StaffAct, Standing

_S, _W, _A = TicketState, Standing, StaffAct

_LEAD = frozenset({_W.LEAD})
_UNITS = frozenset({_W.LEAD, _W.ASSIST})
_CALLED = frozenset({_W.CALLED})
_PARTIES = frozenset({_W.LEAD, _W.ASSIST, _W.CALLED, _W.PARTY})
_CENTRE = frozenset({_W.CENTRE})
_ABOVE = frozenset({_W.SUPERIOR, _W.CENTRE})
_HOSTS = frozenset({_W.LEAD, _W.PARTY, _W.SUPERIOR, _W.CENTRE})
_JOINS = frozenset({_W.LEAD, _W.CENTRE})
_INVOLVED = frozenset(_W) - {_W.FORMER}

_RUNNING = frozenset({"open", "signed"})
_SIGNED = frozenset({"signed"})
_ANY_SHARE: frozenset[str] = frozenset()

_WORKED_ON = frozenset({_S.DISPATCHED, _S.HANDLING})
_HANDLING = frozenset({_S.HANDLING})
_OPEN = _WORKED_ON | {_S.TRIAGE}
_NOT_ENDED = _OPEN | {_S.RESOLVED}
_EVER = frozenset(_S)

UNIT_ROLES = frozenset({Role.DESK, Role.HANDLER, Role.HEAD})
DESK_ROLES = frozenset({Role.DESK, Role.HEAD})
REVIEW_ROLES = frozenset({Role.REVIEWER, Role.HEAD})
UNIT_TASK_ROLES = UNIT_ROLES | {Role.SUPERVISOR, Role.DISTRICT_ADMIN}  # 本单位的人工事项
DISPATCH_ROLES = frozenset({Role.DISPATCHER, Role.ADMIN})
RETOPIC_ROLES = DISPATCH_ROLES | {Role.QUALITY}
JOIN_ROLES = DISPATCH_ROLES | DESK_ROLES
INTAKE_ROLES = frozenset({Role.INTAKE, Role.DISPATCHER, Role.ADMIN})
CENTRE_ROLES = INTAKE_ROLES | {Role.SURVEYOR, Role.QUALITY, Role.SUPERVISOR, Role.COORDINATOR}
# Those who decide about other units' work: in a district's government, or at the centre.
ABOVE_ROLES = frozenset({Role.HEAD, Role.COORDINATOR, Role.DISTRICT_ADMIN, Role.ADMIN})
DECIDER_ROLES = DISPATCH_ROLES | {Role.COORDINATOR}
SUPERVISOR_ROLES = frozenset({Role.SUPERVISOR, Role.DISTRICT_ADMIN, Role.ADMIN})
# Those who follow up what is on hold and what was demanded from above.
TRACKING_ROLES = DESK_ROLES | SUPERVISOR_ROLES | DECIDER_ROLES
ARTICLE_ROLES = frozenset({Role.QUALITY, Role.ADMIN})  # 知识库：全部
UNIT_ARTICLE_ROLES = frozenset({Role.REVIEWER, Role.HEAD})  # 知识库：本单位的
_WRITERS = UNIT_ROLES | CENTRE_ROLES | ABOVE_ROLES | REVIEW_ROLES

# act: (what it is called, permit)
TABLE: dict[StaffAct, tuple[str, Permit]] = {
    # Inside a unit
    _A.SIGN: ("签收", Permit(_UNITS, UNIT_ROLES, _WORKED_ON, frozenset({"open"}))),
    _A.HAND_ON: ("分办", Permit(_UNITS, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.TAKE_BACK: ("收回", Permit(_UNITS, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.HAND_OVER: ("移交", Permit(_UNITS, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.CONTACT: ("记录联系", Permit(_UNITS, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.REPLY: (
        "答复市民",  # the centre has no share
        Permit(_LEAD | _CENTRE, UNIT_ROLES | INTAKE_ROLES, _OPEN, _RUNNING | {""}),
    ),
    _A.PROGRESS: ("记录进展", Permit(_UNITS | _CALLED, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.NOTE: ("内部备注", Permit(_INVOLVED, _WRITERS, _EVER)),
    _A.EVIDENCE: ("上传佐证", Permit(_UNITS | _CALLED, UNIT_ROLES, _NOT_ENDED)),
    _A.ASSIST: ("协办答复", Permit(frozenset({_W.ASSIST}), UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.RESOLVE: ("办结", Permit(_LEAD, UNIT_ROLES, _HANDLING, _SIGNED)),
    _A.REVIEW: ("审核", Permit(_LEAD, REVIEW_ROLES, _HANDLING, _SIGNED)),
    # Whistle
    _A.WHISTLE: ("吹哨", Permit(_LEAD, DESK_ROLES | {Role.HANDLER}, _HANDLING, _SIGNED)),
    # Who is called may have another share besides; its part in the whistle is looked up there.
    _A.REPORT_IN: ("报到", Permit(_PARTIES, UNIT_ROLES, _OPEN)),
    _A.WHISTLE_OPINION: ("提交意见", Permit(_PARTIES, UNIT_ROLES, _OPEN)),
    _A.CLOSE_WHISTLE: ("结束吹哨", Permit(_LEAD, UNIT_ROLES, _HANDLING, _SIGNED)),
    _A.RATE_WHISTLE: ("互评", Permit(_PARTIES | {_W.FORMER}, UNIT_ROLES, _EVER)),
    # First receiver and return
    _A.RETURN: ("申请退单", Permit(_LEAD, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.CORRECT: ("申请更正", Permit(_LEAD, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.TAKE_BACK_APPLICATION: ("撤回申请", Permit(_LEAD, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.SCREEN: ("初审", Permit(frozenset({_W.SUPERIOR}), ABOVE_ROLES, _WORKED_ON)),
    _A.DECIDE: ("裁定", Permit(_CENTRE, DECIDER_ROLES, _OPEN)),
    _A.CONFER: ("发起会商", Permit(_ABOVE, ABOVE_ROLES | DECIDER_ROLES, _WORKED_ON)),
    # Coordination
    _A.COORDINATE: ("申请提级协调", Permit(_LEAD, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.DELIBERATE: (
        "发起议事协商",
        Permit(_LEAD | _ABOVE, DESK_ROLES | ABOVE_ROLES, _WORKED_ON),
    ),
    _A.INVITE: ("邀请参加", Permit(_HOSTS, DESK_ROLES | ABOVE_ROLES, _OPEN)),
    # Its host writes down what those think who take no orders.
    _A.OPINE: ("提出意见", Permit(_PARTIES | _ABOVE, UNIT_ROLES | ABOVE_ROLES, _OPEN)),
    _A.ESCALATE: ("上报上级", Permit(_ABOVE | {_W.PARTY}, ABOVE_ROLES, _OPEN)),
    _A.DECIDE_COORDINATION: (
        "协调决定",
        Permit(_HOSTS, DESK_ROLES | ABOVE_ROLES | DECIDER_ROLES, _OPEN),
    ),
    # Extension, hold, supervision
    _A.EXTEND: ("申请延期", Permit(_LEAD, DESK_ROLES, _HANDLING, _SIGNED)),
    _A.HOLD: ("申请挂账", Permit(_LEAD, DESK_ROLES, _HANDLING, _SIGNED)),
    _A.REVIEW_HOLD: ("挂账复查", Permit(_LEAD, DESK_ROLES, _HANDLING, _SIGNED)),
    _A.WRITE_OFF: ("申请销账", Permit(_LEAD, DESK_ROLES, _HANDLING, _SIGNED)),
    _A.UNREASONABLE: ("申请认定不合理诉求", Permit(_LEAD, DESK_ROLES, _HANDLING, _SIGNED)),
    _A.SUPERVISE: ("督办", Permit(_ABOVE, SUPERVISOR_ROLES, _WORKED_ON)),
    _A.ANSWER_SUPERVISION: ("答复督办", Permit(_LEAD, DESK_ROLES, _WORKED_ON, _RUNNING)),
    _A.END_SUPERVISION: ("结束督办", Permit(_ABOVE, SUPERVISOR_ROLES, _EVER)),
    _A.MARK: ("标记推诿、虚假办结", Permit(_ABOVE, SUPERVISOR_ROLES | {Role.QUALITY}, _EVER)),
    _A.CONFIRM_MARK: ("确认标记", Permit(_CENTRE, SUPERVISOR_ROLES, _EVER)),
    _A.TAKE_BACK_MARK: ("撤销标记", Permit(_CENTRE, SUPERVISOR_ROLES, _EVER)),
    _A.HAND_TO_DISCIPLINE: ("移交纪检", Permit(_CENTRE, SUPERVISOR_ROLES, _EVER)),
    # Green channel, community
    _A.RECONCILED: ("已和解", Permit(_LEAD, UNIT_ROLES, _HANDLING, _SIGNED)),
    _A.NOT_RECONCILED: ("未能和解", Permit(_LEAD, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.COMMUNITY_SOLVED: ("社区已办好", Permit(_LEAD, UNIT_ROLES, _HANDLING, _SIGNED)),
    _A.COMMUNITY_GIVE_UP: ("社区转为工单", Permit(_LEAD, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    # The centre
    _A.DISPATCH: ("派单", Permit(_CENTRE, DISPATCH_ROLES, frozenset({_S.TRIAGE, _S.DISPATCHED}))),
    # Closed ones too: the figures are of what it was, and a model learns from what is right.
    _A.RETOPIC: ("改分类", Permit(_CENTRE, RETOPIC_ROLES, _EVER - {_S.WITHDRAWN})),
    _A.JOIN: ("并案", Permit(_JOINS, JOIN_ROLES, _OPEN)),
    _A.SPLIT: ("拆出单办", Permit(_JOINS, JOIN_ROLES, _OPEN)),
    _A.CLOSE_JOINED: ("并案办结", Permit(_CENTRE, DISPATCH_ROLES, _WORKED_ON)),
    _A.MARK_GROUP: ("标记群诉", Permit(_JOINS, JOIN_ROLES, _NOT_ENDED)),
    _A.INVALID: ("申请认定无效", Permit(_CENTRE, INTAKE_ROLES, _OPEN)),
    _A.ASK_RELAY: ("请中心转达", Permit(_UNITS, UNIT_ROLES, _WORKED_ON, _RUNNING)),
    _A.RELAY: ("转达", Permit(_CENTRE, INTAKE_ROLES, _NOT_ENDED)),
    _A.MARK_ABUSE: ("提议恶意标记", Permit(_CENTRE, INTAKE_ROLES | {Role.QUALITY}, _EVER)),
    _A.CONFIRM_ABUSE: ("确认恶意标记", Permit(_CENTRE, INTAKE_ROLES | {Role.QUALITY}, _EVER)),
    _A.LIFT_ABUSE: ("解除恶意标记", Permit(_CENTRE, INTAKE_ROLES | {Role.QUALITY}, _EVER)),
    # Traces
    _A.FORWARD: ("转发", Permit(_UNITS | _ABOVE, UNIT_ROLES | CENTRE_ROLES, _EVER)),
    _A.PRINT: ("打印", Permit(_UNITS | _ABOVE, UNIT_ROLES | CENTRE_ROLES, _EVER)),
    _A.EXPORT: ("导出", Permit(_UNITS | _ABOVE, UNIT_ROLES | CENTRE_ROLES, _EVER)),
}

PERMITS: dict[StaffAct, Permit] = {act: permit for act, (_, permit) in TABLE.items()}
ACT_NAMES: dict[StaffAct, str] = {act: name for act, (name, _) in TABLE.items()}
# What is done to a ticket that has joined another, beside what is done to any; all else is done to the one it follows.
OF_JOINED = frozenset({_A.CONTACT, _A.REPLY, _A.RETOPIC, _A.SPLIT})
OF_ANY = frozenset(
    {_A.NOTE, _A.FORWARD, _A.PRINT, _A.EXPORT, _A.MARK_ABUSE, _A.CONFIRM_ABUSE, _A.LIFT_ABUSE}
)
