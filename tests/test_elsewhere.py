"""What others than the hotline answer for: told where to go, never swallowed, and nothing of ours sent away."""

import pytest

from dialogs.understanding.elsewhere import NUMBERS, Elsewhere, elsewhere
from store.database import Pool
from tests.office import open_office
from tests.transcript import facts, play, sms

THEIRS = {
    Elsewhere.COURT: [
        "法院判决下来了对方不执行",
        "我的案子法院一直不开庭",
        "不服一审判决",
        "我已经起诉物业了，案件正在审理",
        "朝阳法院立案了半年没动静",
        "法院开庭时间怎么查",
        "I do not accept the court ruling",
    ],
    Elsewhere.PROSECUTION: ["检察院不起诉我不服"],
    Elsewhere.PETITION: [
        "我的信访件三个月没答复",
        "我已经信访过了，信访局正在办理中",
        "信访复查不服",
    ],
    Elsewhere.ARBITRATION: ["劳动仲裁已经受理了一直不开庭", "不服仲裁裁决，仲裁委裁决不公"],
    Elsewhere.NOTARY: ["公证处不给办公证", "公证书写错了"],
    Elsewhere.DISCIPLINE: ["举报村书记贪污", "反映某局长受贿"],
    Elsewhere.SECURITY: ["有人是间谍"],
    Elsewhere.MILITARY: ["部队的军产房腾退问题"],
    Elsewhere.FRAUD: ["我遇到电信诈骗被骗了五万", "刷单被骗了"],
}
OURS = [
    "法院门口的路灯坏了",
    "海淀法院旁边违章停车",
    "检察院附近路口堵车",
    "信访局门口垃圾桶满了",
    "仲裁委楼下井盖坏了",
    "军区大院南门道路积水",
    "物业不管我要去法院起诉他们",
    "再不解决我就去上访",
    "想申请劳动仲裁怎么办理",
    "公证处在哪里",
    "举报有人无照摆摊",
    "干部不作为",
    "公司拖欠工资三个月",
    "中介骗了我押金不退",
    "法院南侧施工噪音扰民",
    "楼下法拍房装修扰民",
    "武警医院停车难",
    "我想咨询打官司请不起律师怎么办",
    "the street lamp in front of the court is broken",
]


@pytest.mark.parametrize(("who", "text"), [(w, t) for w, texts in THEIRS.items() for t in texts])
def test_what_others_decide_is_theirs(who: Elsewhere, text: str) -> None:
    assert elsewhere(text) is who


@pytest.mark.parametrize("text", OURS)
def test_what_only_happens_near_them_or_is_only_intended_is_ours(text: str) -> None:
    assert elsewhere(text) is None


def test_each_has_a_number_or_none_on_purpose() -> None:
    assert set(NUMBERS) == set(Elsewhere)
    assert set(THEIRS) == set(Elsewhere)


def test_the_resident_is_told_where_to_go_and_that_is_all_when_it_is_enough() -> None:
    talk = play(
        """
        > 法院判决下来了物业不执行
        < 在法院办的事，12345不能干预。进展请拨12368。
        < 还要我记下来吗？找人请回“人工”。
        < 1 不用
        < 2 请记下
        > 知道了
        < 有事随时在这里说
        """,
        facts(),
    )
    assert not talk.city.opened
    assert not talk.session.frames


def test_silence_after_it_is_enough_too() -> None:
    assert not play("> 刷单被骗了\n< 96110\n! silence\n<", facts()).city.opened


@pytest.mark.parametrize("said", ["请记下", "2", "还是要", "好的", "我要反映"])
def test_who_insists_gets_a_ticket_that_the_centre_decides_on(said: str) -> None:
    talk = play("> 海淀区田村路街道法院判决下来了物业不执行", sms())
    talk.say(said)
    talk.say("1")
    while not talk.city.opened:
        talk.say("不用")
    assert talk.city.opened[0].draft.elsewhere is Elsewhere.COURT


def test_who_was_misunderstood_goes_on_with_the_own_matter() -> None:
    talk = play("> 法院判决了不执行\n> 不是，是海淀区田村路街道法院门口的路灯不亮\n< 路灯", sms())
    while not talk.city.opened:
        talk.say("1")
    assert talk.city.opened[0].draft.elsewhere is None


def test_a_person_can_be_had_and_danger_goes_first() -> None:
    play("> 法院判决了不执行\n> 人工\n= JoinQueue", facts())
    play("> 法院判决了不执行\n> 煤气泄漏有人晕倒了\n= OpenTicket", facts())


async def test_an_insisted_matter_waits_for_the_centre(pool: Pool) -> None:
    office = await open_office(pool)
    await office.say("海淀区田村路街道法院判决下来了物业不执行", "请记下", "1", "不用", "1")
    row = (await office.rows("select state, why from tickets"))[0]
    assert row["state"] == "triage"
    assert "法院在办的案件" in row["why"]
