"""What staff read for the words of the trade, and how moments and limits are written for them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dialogs.words import Delivery, Grade, Role
from gateway.console.event_names import EVENT_NAMES
from handlers.alerts import ALERT_NAMES
from handlers.contact import OUTCOME_NAMES
from handlers.permit_table import ACT_NAMES
from handlers.permits import STATE_NAMES
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
    Role.DISCIPLINE: "纪检监察员",
    Role.DISTRICT_ADMIN: "区级管理员",
    Role.ADMIN: "管理员",
    Role.LISTENER: "接听领导",
    Role.EXPERT: "专家",
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

LINK_NAMES = {
    "number": "号码相同",
    "contact": "市民分享了手机号",
    "code": "短信验证码",
    "split": "拆开",
}

# Why a file is not here (`media.error`), as staff read it.
FILE_TROUBLES = {
    "too large": "文件太大",
    "wrong type": "不是照片、录音、PDF或视频",
    "gone": "提供方已经没有了",
    "elsewhere": "地址不可信",
    "slow": "取得太慢",
    "unreachable": "提供方连不上",
    "broke off": "取到一半断了",
    "no channel": "这个渠道现在没有开通",
    "disk full": "磁盘满了",
}


def file_kind(content_type: str, purpose: str) -> str:
    """What a file is called; recordings of calls by what they are of."""
    if purpose:
        return "电话留言" if purpose == "message" else "通话录音"
    kinds = {"image": "照片", "audio": "录音", "video": "视频"}
    return kinds.get(content_type.partition("/")[0], "文件")


ACTOR_NAMES = {"resident": "市民", "staff": "工作人员", "system": "系统"}
ASSIGNMENT_NAMES = {"lead": "主办", "assist": "协办", "called": "报到", "party": "会商协调"}
SHARE_NAMES = {
    "open": "待签收",
    "signed": "已签收",
    "done": "已办完",
    "returned": "已退回",
    "ended": "已结束",
}
CALLED_NAMES = SHARE_NAMES | {"open": "待报到", "signed": "已报到", "done": "已结束"}
PARTY_NAMES = SHARE_NAMES | {"open": "参加中", "signed": "已提意见", "done": "已结束"}
CHANNEL_NAMES = {
    "sms": "短信",
    "webchat": "网页对话",
    "voice": "电话",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "": "—",
}
SOURCE_NAMES = {
    "resident": "市民来件",
    "walk_in": "代录",
    "community": "社区自办",
    "steward": "小巷管家",
}

MARK_NAMES = {
    "place": "地点",
    "about": "问题",
    "danger": "危险",
    "unreal": "不是危险",
    "denied": "说了不是",
    "private": "个人信息",
}
FIRMNESS_NAMES = {"full": "全称", "short": "简称", "vague": "可能另有所指", "word": "日常用语"}
USE_NAMES = {"taken": "采用", "asked": "要问", "denied": "说了不是", "other": "未采用"}
ASK_NAMES = {"place": "在什么地方", "district": "哪个区", "street": "哪个街道", "topic": "哪类问题"}
DANGER_NAMES = {
    "fire": "着火、爆炸",
    "gas": "燃气泄漏、中毒",
    "shock": "触电",
    "trapped": "被困",
    "injured": "伤病",
    "collapse": "坍塌、坠落",
    "water": "落水",
    "violence": "正在行凶",
    "missing": "走失",
    "self_harm": "轻生",
}
UNREAL_NAMES = {
    "denied": "说的是没有",
    "feared": "担心会发生",
    "past": "以前的事",
    "settled": "已经过去",
    "likened": "打比方",
    "named": "只是名称",
    "claimed": "事后追责",
    "thing": "是物不是人",
    "stranded": "停运，不是被困",
    "asked": "只是询问",
    "proposed": "提的建议",
    "praised": "是感谢表扬",
    "staged": "演练、影视或传言",
    "spared": "没有人受伤",
}
PERSONAL_NAMES = {
    "phone": "电话",
    "identity": "身份证",
    "plate": "车牌",
    "card": "银行卡",
    "email": "邮箱",
    "wechat": "微信",
    "passport": "护照或通行证",
}

WORDS: dict[str, object] = {
    "kind_names": KIND_NAMES,
    "grade_names": GRADE_NAMES,
    "role_names": ROLE_NAMES,
    "delivery_names": DELIVERY_NAMES,
    "event_names": EVENT_NAMES,
    "link_names": LINK_NAMES,
    "file_kind": file_kind,
    "file_troubles": FILE_TROUBLES,
    "actor_names": ACTOR_NAMES,
    "assignment_names": ASSIGNMENT_NAMES,
    "share_names": SHARE_NAMES,
    "called_names": CALLED_NAMES,
    "party_names": PARTY_NAMES,
    "channel_names": CHANNEL_NAMES,
    "source_names": SOURCE_NAMES,
    "state_names": STATE_NAMES,
    "act_names": ACT_NAMES,
    "outcome_names": OUTCOME_NAMES,
    "task_names": TASK_NAMES,
    "mark_names": MARK_NAMES,
    "firmness_names": FIRMNESS_NAMES,
    "use_names": USE_NAMES,
    "ask_names": ASK_NAMES,
    "danger_names": DANGER_NAMES,
    "unreal_names": UNREAL_NAMES,
    "alert_names": ALERT_NAMES,
    "personal_names": PERSONAL_NAMES,
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
