"""A steward's rounds by chat: begun and ended, with reports of what was seen, and of what was fixed with a photo."""

from dataclasses import replace

from dialogs.rounds import FindSteward, Patrol, StewardFound
from dialogs.understanding.place import Place
from tests.transcript import City, facts, play, sms

HOME = Place("110108", "110108021")


def of_steward(**more: object) -> City:
    city = City()
    known = StewardFound("active", "田村路街道", HOME, **more)  # type: ignore[arg-type]  # fields of the answer
    city.answers[FindSteward] = city.answers[Patrol] = known
    return city


def test_a_round_begins_and_ends_with_its_reports_counted() -> None:
    city = of_steward(patrolling=True, reports=2)
    play("> 开始巡查\n< 巡查开始了\n> 结束巡查\n< 上报2件", sms(), city)


def test_a_round_that_never_began_is_not_ended() -> None:
    play("> 结束巡查\n< 没有在巡查", sms(), of_steward())


def test_what_is_seen_is_reported_with_a_photo_at_the_stewards_own_street() -> None:
    city = of_steward()
    play(
        "> 上报\n< 看到什么\n> 三号楼前井盖松动 {photo}\n< 当场处理好了吗\n> 2\n< 已记下，编号",
        facts(),
        city,
    )
    (order,) = city.opened
    draft = order.draft
    assert (draft.steward, draft.fixed, draft.place.street) == (True, False, HOME.street)
    assert len(draft.attachments) == 1


def test_a_photo_is_asked_for_once_and_may_be_missing() -> None:
    city = of_steward()
    play("> 上报\n> 楼道堆物\n< 请发一张照片\n> 没有\n< 当场处理好了吗\n> 2\n< 已记下", sms(), city)
    assert city.opened[0].draft.attachments == ()


def test_what_was_fixed_on_the_spot_is_shown_by_a_photo() -> None:
    city = of_steward()
    play(
        "> 上报\n> 路边垃圾没清 {photo}\n> 处理好了\n< 发一张处理后的照片\n> {photo}\n< 随手就办好了",
        facts(),
        city,
    )
    draft = city.opened[0].draft
    assert (draft.fixed, len(draft.attachments)) == (True, 2)


def test_without_a_photo_of_it_nothing_counts_as_fixed() -> None:
    city = of_steward()
    play("> 上报\n> 路边垃圾没清 {photo}\n> 1\n> 没有\n< 已记下，编号", facts(), city)
    assert city.opened[0].draft.fixed is False


def test_who_is_no_steward_is_told_how_to_become_one_or_to_just_tell() -> None:
    city = City()
    play("> 上报\n< 想当请回“小巷管家”；要反映问题，直接说就行", sms(), city)
    play("> 开始巡查\n< 小巷管家", sms(), city)
    assert city.opened == []


def test_danger_goes_before_a_report() -> None:
    city = of_steward()
    play("> 上报\n> 海淀区田村路街道煤气泄漏有人晕倒了", sms(), city)
    assert city.opened[0].draft.emergency
    assert not city.opened[0].draft.steward


def test_what_was_told_is_handed_in_when_the_steward_falls_silent() -> None:
    city = of_steward()
    play("> 上报\n> 楼道堆物\n! silence", sms(), city)
    assert city.opened[0].draft.steward


def test_a_caller_is_asked_to_write() -> None:
    play("> 上报\n< 短信或网上对话上报", replace(sms(), voice=True))


def test_never_mind_drops_what_was_seen_at_any_question() -> None:
    city = of_steward()
    play("> 上报\n> 楼道堆物\n< 请发一张照片\n> 算了\n< 没有上报", sms(), city)
    play("> 上报\n> 楼道堆物\n> 没有\n< 当场处理好了吗\n> 算了\n< 没有上报", sms(), city)
    assert city.opened == []


def test_the_next_find_hands_in_the_one_before() -> None:
    city = of_steward()
    play(
        "> 上报\n> 井盖松动 {photo}\n< 当场处理好了吗\n> 上报\n< 已记下，编号\n< 看到什么",
        facts(),
        city,
    )
    (order,) = city.opened
    assert not order.draft.fixed


def test_the_end_of_a_round_hands_in_what_was_being_told() -> None:
    city = of_steward(patrolling=True, reports=1)
    play("> 上报\n> 楼道堆物\n< 请发一张照片\n> 结束巡查\n< 已记下，编号\n< 上报2件", sms(), city)
    assert len(city.opened) == 1


def test_whether_it_was_fixed_may_be_told_in_own_words() -> None:
    city = of_steward()
    for words, answer in (("我弄好了", "处理后的照片"), ("处理不了", "已记下"), ("不能", "已记下")):
        play(f"> 上报\n> 楼道堆物\n> 没有\n> {words}\n< {answer}", sms(), city)


def test_a_road_of_the_same_name_elsewhere_does_not_take_a_find_out_of_the_stewards_street() -> (
    None
):
    city = of_steward()
    play("> 上报\n> 玉泉路社区门口井盖松了\n> 没有\n> 2\n< 已记下", sms(), city)
    play("> 上报\n> 八宝山街道井盖松了\n> 没有\n> 2\n< 已记下", sms(), city)
    near, far = (order.draft.place.street for order in city.opened)
    assert near == HOME.street
    assert far != HOME.street
