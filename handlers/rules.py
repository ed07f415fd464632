"""The rules of casework that a city sets for itself: numbers with a default, a source, and the rows that change them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from typing_extensions import override

from handlers.working_time import Calendar, OwnDays

ASSUMPTION = "assumption"
OWN_TERMS = "this hotline's own terms"


class Measure(StrEnum):
    """What a rule's number counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    COUNT = "count"
    PERCENT = "percent"
    YES_NO = "yes_no"  # 1 or 0


# Nobody means more than this: a slip of the keyboard does not become a limit of years.
LONGEST = {
    Measure.MINUTES: 30 * 24 * 60,
    Measure.HOURS: 366 * 24,
    Measure.DAYS: 3 * 366,
    Measure.COUNT: 100_000,
    Measure.PERCENT: 1000,
    Measure.YES_NO: 1,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `name` as staff read it, `source` where it is taken from: a published practice, our terms, "assumption"."""

    name: str
    default: int
    measure: Measure
    source: str = ASSUMPTION
    least: int = 0
    most: int = 100_000

    @property
    def highest(self) -> int:
        """The highest value that it can have."""
        return min(self.most, LONGEST[self.measure])


_M, _H, _D, _C = Measure.MINUTES, Measure.HOURS, Measure.DAYS, Measure.COUNT
_P, _Y = Measure.PERCENT, Measure.YES_NO
_OWN = OWN_TERMS

# Keys are part of what operators change and of `docs/rules.md`; a new rule is one line here.
RULES: dict[str, Rule] = {
    # Dispatch
    "dispatch.phone_minutes": Rule("电话、对话受理的派单时限", 0, _M, _OWN),
    "dispatch.other_minutes": Rule("其他渠道的派单时限", 120, _M, _OWN),
    "dispatch.head_minutes": Rule("派单超时后报中心负责人", 30, _M),
    "dispatch.apart_minutes": Rule("发到中心值班手机的两条提醒至少相隔", 10, _M),
    "dispatch.again_hours": Rule("仍未派单，每隔多久再报", 24, _H, least=1),
    "assist.waits": Rule("双派：办结等协办答复", 1, _Y, _OWN, most=1),
    "assist.share_percent": Rule("协办答复占主办时限的比例", 60, _P, least=1, most=100),
    "green.hours": Rule("绿色通道：企业先行和解", 72, _H),
    "community.days": Rule("社区自办：办理期限", 3, _D),
    # Three clocks
    "sign.I_minutes": Rule("签收：I级", 15, _M),
    "sign.II_minutes": Rule("签收：II级", 30, _M),
    "sign.III_minutes": Rule("签收：III级", 120, _M),
    "sign.IV_minutes": Rule("签收：IV级", 120, _M),
    "contact.I_minutes": Rule("首次联系：I级", 30, _M),
    "contact.II_minutes": Rule("首次联系：II级", 120, _M),
    "contact.III_minutes": Rule("首次联系：III级", 24 * 60, _M),
    "contact.IV_minutes": Rule("首次联系：IV级", 24 * 60, _M),
    "sign.working_time": Rule("签收：III、IV级按工作时间计", 1, _Y, most=1),
    "contact.working_time": Rule("首次联系：III、IV级按工作时间计", 1, _Y, most=1),
    "feedback.working_time": Rule("答复：III、IV级按工作日计", 0, _Y, most=1),
    "contact.by_assist": Rule("首次联系：协办单位也要", 0, _Y, most=1),
    "feedback.I_hours": Rule("答复：I级", 2, _H, "四级响应", least=1),
    "feedback.II_hours": Rule("答复：II级", 24, _H, "四级响应", least=1),
    "feedback.III_hours": Rule("答复：III级", 7 * 24, _H, "四级响应", least=1),
    "feedback.IV_hours": Rule("答复：IV级", 15 * 24, _H, "四级响应", least=1),
    "warn.first_percent": Rule("第一次提醒", 50, _P, _OWN, least=1, most=99),
    "warn.second_percent": Rule("第二次提醒", 80, _P, _OWN, least=1, most=99),
    "warn.superior_percent": Rule("超期后报上级：时限的", 120, _P, least=100),
    "working.begins_hour": Rule("上班", 9, _H, most=23),
    "working.ends_hour": Rule("下班", 18, _H, most=24),
    # Inside a unit
    "contact.tries": Rule("联系不上：至少尝试", 3, _C, _OWN, least=1),
    "contact.apart_hours": Rule("各次尝试至少相隔", 2, _H),
    "result.needs_contact": Rule("办结前必须联系市民", 1, _Y, _OWN, most=1),
    "review.needed": Rule("办结须经审核", 1, _Y, _OWN, most=1),
    "review.hours": Rule("办结审核", 8, _H),
    # First receiver and return
    "return.hours": Rule("退单期限（派单后）", 24, _H),
    "return.screen_hours": Rule("区级初审", 24, _H),
    "return.decide_hours": Rule("中心裁定", 24, _H),
    "return.most": Rule("第几次退单转协调", 3, _C, _OWN, least=1),
    "confer.hours": Rule("会商：各单位提意见", 24, _H),
    # Whistle
    "whistle.urgent_minutes": Rule("紧急哨：报到", 30, _M, _OWN),
    "whistle.daily_minutes": Rule("日常哨：报到", 24 * 60, _M),
    "whistle.hard_minutes": Rule("难题哨：报到", 72 * 60, _M),
    "whistle.most_units": Rule("一次最多吹哨单位", 30, _C, least=1),
    # Coordination, extension, hold, supervision
    "coordinate.above_hours": Rule("协调、会商过期后报上一级", 24, _H),
    "coordinate.days": Rule("提级协调：办理", 7, _D),
    "deliberate.days": Rule("议事协商：期限", 15, _D),
    "extension.decide_hours": Rule("延期审批", 8, _H),
    "extension.percent": Rule("延期最多为原时限的", 100, _P),
    "extension.statutory": Rule("法定时限也可延期", 0, _Y, most=1),
    "hold.decide_hours": Rule("挂账审批", 24, _H),
    "hold.most_days": Rule("挂账：最长多久复查", 180, _D),
    "hold.warn_days": Rule("挂账：复查前提醒", 7, _D),
    "hold.late_hours": Rule("挂账：到期未复查，多久报上级", 24, _H),
    "hold.again_days": Rule("挂账：仍未复查，每隔多久再报", 7, _D, least=1),
    "undecided.again_hours": Rule("申请仍未裁定：每隔多久报上一级", 24, _H, least=1),
    "supervise.hours": Rule("督办：答复期限", 24, _H),
    "supervise.again_hours": Rule("督办：仍未答复，每隔多久再报", 24, _H, least=1),
    "supervise.most": Rule("督办：未答复最多报几次，末次报热线中心", 3, _C, least=1),
    "unreasonable.decide_hours": Rule("不合理诉求认定：每级", 24, _H),
    "invalid.decide_hours": Rule("无效认定", 24, _H),
    # The resident's side
    "urge.head": Rule("催单几次报单位负责人", 3, _C, _OWN, least=1),
    "reopen.days": Rule("办结后可重办", 30, _D),
    "reopen.supervised_round": Rule("第几次办理自动督办", 3, _C, least=2),
    "repeat.superior": Rule("同一件事第几次反映报上级", 3, _C, _OWN, least=2),
    "group.size": Rule("群诉：多少人以上", 5, _C, least=2),
    "group.affected": Rule("群诉：一位市民说涉及多少人以上", 20, _C, least=2),
    "trace.open_minutes": Rule("打印页、导出文件可打开", 10, _M, least=1),
    "abuse.most_days": Rule("恶意占线标记最长", 30, _D),
    # Surge and open line
    "surge.expert_minutes": Rule("平战转换：只等专家多久，再由热线中心一起接", 3, _M),
    "surge.ask_minutes": Rule("平战转换：当场答复后多久回访", 60, _M),
    "surge.account_days": Rule("支援账号：最长", 30, _D, least=1),
    "open_line.again_hours": Rule("领导接听：超期工单每隔多久再提醒", 24, _H, least=1),
}


_ONE = {_M: timedelta(minutes=1), _H: timedelta(hours=1), _D: timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force: what operators have changed, and the defaults of all else."""

    changed: Mapping[str, int] = field(default_factory=dict)
    days: OwnDays = frozenset()  # that are otherwise than the public calendar says

    @override
    def __hash__(self) -> int:
        """So that what follows from rules alone can be kept; those in force change seldom."""
        return hash(self.days)

    def value(self, key: str) -> int:
        """The number of a rule; a key that is in no table is a mistake of the code."""
        rule = RULES[key]
        return self.changed.get(key, rule.default)

    def on(self, key: str) -> bool:
        """Whether a yes-or-no rule holds."""
        return bool(self.value(key))

    def calendar(self, timezone: ZoneInfo) -> Calendar:
        """When the city works."""
        hours = self.value("working.begins_hour"), self.value("working.ends_hour")
        return Calendar(timezone, *hours, self.days)

    def span(self, key: str) -> timedelta:
        """The time that a rule of minutes, hours or days gives."""
        measure = RULES[key].measure
        if measure not in _ONE:
            raise ValueError(f"{key} counts {measure}, no time")
        return self.value(key) * _ONE[measure]


def refused_value(key: str, value: int) -> str:
    """Why a rule cannot have this value, as a sentence for staff; "" when it can."""
    rule = RULES.get(key)
    if rule is None:
        return "没有这条规则。"
    if not rule.least <= value <= rule.highest:
        return f"“{rule.name}”须在{rule.least}到{rule.highest}之间。"
    return ""
