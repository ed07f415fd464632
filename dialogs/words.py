"""The words that conversation and store share: kind, grade, states and roles."""

from enum import StrEnum


class Language(StrEnum):
    """Languages a resident can be spoken to in; BCP 47."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


class Moment(StrEnum):
    """What happens on a phone besides words."""

    BEGAN = "began"  # somebody calls
    PICKED_UP = "picked_up"  # somebody has answered a call of ours
    SILENCE = "silence"  # asked, and nothing was said or keyed
    WAITED = "waited"  # nobody came to the queue, or the caller would rather be called back
    TALKED = "talked"  # the talk with a person is over, and the caller is still there
    ENDED = "ended"  # hung up


class CallAct(StrEnum):
    """What a call does after the words."""

    HANG_UP = "hang_up"
    QUEUE = "queue"  # wait for a person
    WAIT = "wait"  # go on waiting: the document that the queue plays
    LEAVE = "leave"  # leave the queue
    RECORD = "record"  # take a message
    DIAL = "dial"  # hand over to a number: emergency, second line
    MEET = "meet"  # join the room in which somebody waits


class Kind(StrEnum):
    """What sort of matter a ticket is (诉求类型)."""

    QUESTION = "question"
    REQUEST = "request"
    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class Grade(StrEnum):
    """Response grade (响应等级): the time the unit has to feed back."""

    I = "I"  # noqa: E741 - the published name of the grade
    II = "II"
    III = "III"
    IV = "IV"


GRADE_HOURS: dict[Grade, int] = {Grade.I: 2, Grade.II: 24, Grade.III: 7 * 24, Grade.IV: 15 * 24}


def stricter(one: Grade | None, other: Grade | None) -> Grade | None:
    """Return the grade that leaves less time; None where neither is known."""
    return min(filter(None, (one, other)), key=GRADE_HOURS.__getitem__, default=None)


class UnitKind(StrEnum):
    """Kinds of units that answer for tickets (承办单位)."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    DEPARTMENT = "department"
    DISTRICT_DEPARTMENT = "district_department"
    ENTERPRISE = "enterprise"
    COMMUNITY = "community"


class Course(StrEnum):
    """What a resident has to know beyond a ticket's state: what it waits for, or how it ended."""

    HELD = "held"  # 挂账
    SETTLING = "settling"  # its enterprise may settle it first
    ABOVE = "above"  # 提级协调
    WHOSE = "whose"  # 会商: whose it is
    TALKED_OVER = "talked_over"  # 议事协商
    TOGETHER = "together"  # 吹哨
    JOINED = "joined"  # 并案
    ANSWERED = "answered"  # a result, and not that it is solved
    DECLINED = "declined"  # 不合理诉求
    INVALID = "invalid"  # 无效
    FIXED = "fixed"  # by the steward who found it


class TicketState(StrEnum):
    """Where a ticket stands; the moves between them are in handlers/life_cycle.py."""

    TRIAGE = "triage"  # 待派单: nobody answers for it yet, the centre decides
    DISPATCHED = "dispatched"  # 待签收
    HANDLING = "handling"  # 办理中
    RESOLVED = "resolved"  # 已办结, survey running
    CLOSED = "closed"  # 已结案
    WITHDRAWN = "withdrawn"  # 已撤单


class AssignmentRole(StrEnum):
    """A unit's share in a ticket: it leads (主办), assists (协办), is called by a whistle (吹哨), is party to a talk of units."""

    LEAD = "lead"
    ASSIST = "assist"
    CALLED = "called"  # 报到单位
    PARTY = "party"  # 会商、协调单位


class Solved(StrEnum):
    """Survey: was it solved?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Rating(StrEnum):
    """Survey: how was it? Best first."""

    SATISFIED = "satisfied"  # 满意
    BASICALLY = "basically"  # 基本满意
    NEUTRAL = "neutral"  # 一般
    DISSATISFIED = "dissatisfied"  # 不满意


class SurveyQuestion(StrEnum):
    """The questions of the follow-up call (回访), in the order they are asked."""

    CONTACTED = "contacted"
    SOLVED = "solved"
    RESULT = "result"
    ATTITUDE = "attitude"
    REMARK = "remark"


class Role(StrEnum):
    """Roles of staff; a member of staff has one or more."""

    INTAKE = "intake"  # 话务员
    DISPATCHER = "dispatcher"  # 派单员
    SURVEYOR = "surveyor"  # 回访员
    QUALITY = "quality"  # 质检员
    DESK = "desk"  # 单位收发员
    HANDLER = "handler"  # 承办人
    REVIEWER = "reviewer"  # 审核人
    HEAD = "head"  # 负责人
    COORDINATOR = "coordinator"  # 协调员
    SUPERVISOR = "supervisor"  # 督查员
    DISCIPLINE = "discipline"  # 纪检监察员: reads, and nothing else
    DISTRICT_ADMIN = "district_admin"  # 区级管理员
    ADMIN = "admin"  # 管理员
    LISTENER = "listener"  # 接听领导: for the hours of an open-line day
    EXPERT = "expert"  # 专家: while an event lasts whose expert seat is theirs


class AlertKind(StrEnum):
    """What the duty leader has to hear of within a minute (值班领导)."""

    SELF_HARM = "self_harm"  # 轻生
    CROWD = "crowd"  # 聚集
    WAGES = "wages"  # 讨薪聚集
    THREAT = "threat"  # 扬言报复
    CHILD = "child"  # 儿童受害或走失


class Delivery(StrEnum):
    """How far a message to a resident has come; it only moves forward."""

    PENDING = "pending"  # to be sent by a drain
    OFFERED = "offered"  # given inline to the provider, not confirmed yet
    SENDING = "sending"  # leased by a sender
    SENT = "sent"  # taken by the provider, or laid in the resident's mailbox (web chat)
    DELIVERED = "delivered"
    FAILED = "failed"  # given up: another channel or a human task has taken over
    CANCELLED = "cancelled"  # the resident said STOP or blocked us
