"""What staff read for the words of the trade, and how moments and limits are written for them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.words import Delivery, Grade, Role
from handlers.contact import OUTCOME_NAMES
from handlers.permits import ACT_NAMES, STATE_NAMES
from handlers.retopic import KIND_NAMES
from handlers.settle_task import TASK_NAMES

GRADE_NAMES = {
    Grade.I: "I级·2小时",
    Grade.II: "II级·24小时",
    Grade.III: "III级·7天",
    Grade.IV: "IV级·15天",
}

ROLE_NAMES = {
    Role.INTAKE: "话务员",
    Role.DISPATCHER: "派单员",
    Role.SURVEYOR: "回访员",
    Role.QUALITY: "质检员",
    Role.DESK: "单位收发员",
    Role.HANDLER: "承办人",
    Role.REVIEWER: "审核人",
    Role.HEAD: "负责人",
    Role.COORDINATOR: "协调员",
    Role.SUPERVISOR: "督查员",
    Role.DISTRICT_ADMIN: "区级管理员",
    Role.ADMIN: "管理员",
}

DELIVERY_NAMES = {
    Delivery.PENDING: "待发送",
    Delivery.OFFERED: "发送中",
    Delivery.SENDING: "发送中",
    Delivery.SENT: "已发出",
    Delivery.DELIVERED: "已送达",
    Delivery.FAILED: "未送达",
    Delivery.CANCELLED: "未发送（市民已退订）",
}

EVENT_NAMES = {
    "opened": "受理",
    "triaged": "转人工派单",
    "dispatched": "派单",
    "corrected": "更正",
    "retopiced": "改分类",
    "signed": "签收",
    "contacted": "联系市民",
    "replied": "答复市民",
    "assisted": "协办答复",
    "returned": "退单",
    "resolved": "办结",
    "closed": "结案",
    "reopened": "重办",
    "withdrawn": "撤单",
    "urged": "催单",
    "added": "补充",
    "surveyed": "回访完成",
    "survey_expired": "回访期满",
    "deadline_passed": "超过时限",
    "proof_refused": "查询核验未通过",
    "task_settled": "人工事项已处理",
    "joined": "并案",
    "split": "拆出单办",
    "repeated": "多次反映",
}

ACTOR_NAMES = {"resident": "市民", "staff": "工作人员", "system": "系统"}
ASSIGNMENT_NAMES = {"lead": "主办", "assist": "协办"}
SHARE_NAMES = {
    "open": "待签收",
    "signed": "已签收",
    "done": "已办完",
    "returned": "已退回",
    "ended": "已结束",
}
CHANNEL_NAMES = {
    "sms": "短信",
    "webchat": "网页对话",
    "voice": "电话",
    "telegram": "Telegram",
    "": "—",
}
SOURCE_NAMES = {"resident": "市民来件", "walk_in": "代录"}

WORDS: dict[str, object] = {
    "kind_names": KIND_NAMES,
    "grade_names": GRADE_NAMES,
    "role_names": ROLE_NAMES,
    "delivery_names": DELIVERY_NAMES,
    "event_names": EVENT_NAMES,
    "actor_names": ACTOR_NAMES,
    "assignment_names": ASSIGNMENT_NAMES,
    "share_names": SHARE_NAMES,
    "channel_names": CHANNEL_NAMES,
    "source_names": SOURCE_NAMES,
    "state_names": STATE_NAMES,
    "act_names": ACT_NAMES,
    "outcome_names": OUTCOME_NAMES,
    "task_names": TASK_NAMES,
}

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
SOON = timedelta(hours=4)


def local_time(moment: datetime, timezone: ZoneInfo) -> str:
    """A moment in the city's time, to the minute."""
    return f"{moment.astimezone(timezone):%Y-%m-%d %H:%M}"


def short_time(moment: datetime, timezone: ZoneInfo) -> str:
    """The same without the year."""
    return f"{moment.astimezone(timezone):%m-%d %H:%M}"


def time_left(due_at: datetime, now: datetime) -> str:
    """How long a limit still lasts, or for how long it has been over."""
    left = due_at - now
    return f"剩{_length(left)}" if left >= timedelta(0) else f"超{_length(-left)}"


def pressing(due_at: datetime, now: datetime) -> str:
    """How a limit is shown: over, soon, or later."""
    if due_at < now:
        return "over"
    return "soon" if due_at - now < SOON else "later"


_SHORT = timedelta(hours=3)  # below that minutes matter


def _length(span: timedelta) -> str:
    if span < _HOUR:
        return f"{int(span.total_seconds() // 60)}分钟"
    if span < _SHORT:
        hours, rest = divmod(span, _HOUR)
        return f"{hours}小时{rest // timedelta(minutes=1)}分"
    if span < 2 * _DAY:
        return f"{span // _HOUR}小时"
    days, rest = divmod(span, _DAY)
    return f"{days}天{rest // _HOUR}小时"
