"""What an administrator types about a topic or a jurisdiction, read and checked."""

from datetime import date

import pytest

from handlers.case import ActRefusedError
from handlers.catalogue_duty import duty_of, jurisdiction_of
from store.catalogue.versions import TopicDuty
from tests.test_catalogue_draft import SPECIAL, TYPED

BEFORE = TopicDuty(
    code="T001",
    level1="公共服务",
    name="暖气不热",
    grade="II",
    statutory_minutes=None,
    statutory_working=False,
    statute="",
    level="both",
    department="cgw",
    assists=(),
    enterprises=("heat",),
    dual=False,
    green=False,
    valid_from=None,
    valid_to=None,
    keywords=("暖气",),
)
UNITS = {
    "北京市城市管理委员会": "city-cgw",
    "北京市水务局": "city-swj",
    "海淀区城市管理委员会": "110108-cgw",
    "海淀区住房和城市建设委员会": "110108-zjw",
    "田村路街道": "110108021",
    "北京市热力集团有限责任公司": "ent-heat",
}
CODES = UNITS | {code: code for code in UNITS.values()}


def test_a_topic_is_read_as_typed() -> None:
    typed = {
        "level": "both",
        "assists": "北京市水务局\nzjw",
        "enterprises": "北京市热力集团有限责任公司 ent-heat",
        "hours": "48",
        "working": "yes",
        "statute": "供热条例",
        "green": "yes",
        "dual": "yes",
        "valid_from": "2026-11-15",
        "valid_to": "2027-03-16",
    }
    duty = duty_of(BEFORE, TYPED | typed, CODES)
    assert (duty.department, duty.assists, duty.enterprises) == ("cgw", ("swj", "zjw"), ("heat",))
    assert (duty.statutory_minutes, duty.statutory_working, duty.statute) == (
        2880,
        True,
        "供热条例",
    )
    assert (duty.dual, duty.green, duty.valid_to) == (True, True, date(2027, 3, 16))
    assert duty.name == BEFORE.name


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"level": "all"}, "层级"),
        ({"grade": "V"}, "等级"),
        ({"level": "both", "department": ""}, "要有主办部门"),
        ({"department": "没有的局"}, "不在目录中"),
        ({"level": "enterprise", "enterprises": ""}, "至少要有一家企业"),
        ({"assists": "没有的委"}, "不在目录中"),
        ({"hours": "两天"}, "小时数"),
        ({"statute": "条例"}, "同时填写法定时限"),
        ({"valid_from": "12月1日"}, "2026-12-01这样"),
        ({"valid_from": "2026-12-01", "valid_to": "2026-12-01"}, "晚于开始"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(typed: dict[str, str], refused: str) -> None:
    with pytest.raises(ActRefusedError, match=refused):
        duty_of(BEFORE, TYPED | typed, CODES)


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ({"topic": "", "place": ""}, "至少一项"),
        ({"lead": ""}, "主办单位"),
        ({"lead": "没有的街道"}, "不在目录中"),
        ({"assists": "海淀区城市管理委员会"}, "就是主办单位"),
        ({"source": ""}, "依据"),
    ],
)
def test_a_jurisdiction_that_makes_no_sense_is_refused(typed: dict[str, str], refused: str) -> None:
    with pytest.raises(ActRefusedError, match=refused):
        jurisdiction_of(SPECIAL | typed, CODES)
