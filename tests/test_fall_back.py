"""What could not be delivered goes to the resident's next channel, once, and at last to a person."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

import msgspec
import pytest

from channels import webchat, whatsapp
from channels.base import Channel, DeliveryReport, Parcel, Reference, SendError, Sent
from dialogs.said import Reply
from dialogs.words import Delivery
from gateway.delivery import Deliverer
from handlers import delivery
from handlers.quiet import QuietHours
from handlers.reply import reply
from handlers.sign import sign
from store.database import Pool
from tests.handled import contact_and_resolve
from tests.office import Office, act, open_office
from tests.world import ACCOUNT, PHONE

FRIEND = "+8613900139000"
DEAD = SendError("Twilio 400/21211", retry_seconds=None)


@dataclass
class Post:
    """An office whose messages go out by hand: `trouble` is what a channel answers."""

    office: Office
    trouble: dict[str, SendError] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    async def send(self, channel: str, parcel: Parcel) -> Sent:
        self.log.append(f"{channel}: {parcel.text}")
        if channel in self.trouble:
            raise self.trouble[channel]
        return Sent(f"{channel}-{parcel.reference}-{len(self.log)}")

    def channel(self, channel: Channel) -> Channel:
        async def send(parcel: Parcel) -> Sent:
            return await self.send(channel.name, parcel)

        return replace(channel, send=send, find=None)

    async def deliver(self) -> list[str]:
        """Send what is due, look elsewhere for what failed, and so on; returns what was tried."""
        before = len(self.log)
        for _ in range(6):
            await Deliverer(
                self.office.pool, self.office.world, lambda *_: None, lambda: self.office.at
            ).drain()
            await self.office.ring()
        return self.log[before:]

    async def linked(self, *channels: str) -> None:
        """The resident of the one ticket has these channels, too."""
        for channel in channels:
            self.office.at += timedelta(seconds=30)
            await self.office.say("你好", phone=PHONE, channel=channel)
        await self.one_resident()
        await self.office.value("update outbox set state = 'delivered' returning 1")

    async def one_resident(self) -> None:
        await self.office.value(
            "with a as (update addresses set resident_id = (select max(resident_id) from tickets) returning id) select count(*) from a"
        )
        await self.office.value(
            "with c as (update conversations set resident_id = (select max(resident_id) from tickets) returning id)"
            " select count(*) from c"
        )

    async def rows(self) -> list[tuple[str, str, bool]]:
        """What has been said since: channel, state, and whether it stands for another message."""
        rows = await self.office.rows(
            "select channel, state, instead_of is not null from outbox"
            " where created_at >= $1 order by created_at, instead_of nulls first",
            self.office.at,
        )
        return [tuple(row) for row in rows]

    async def tasks(self) -> list[str]:
        return [row["kind"] for row in await self.office.rows("select kind from human_tasks")]


@pytest.fixture
async def post(pool: Pool) -> Post:
    """A ticket by SMS, on a resident who may have other channels."""
    post = Post(await open_office(pool))
    world = post.office.world
    chat = whatsapp.channel(ACCOUNT, "+14155238886", "CN")
    more = {"sms": world.channels["sms"], "whatsapp": chat}
    more["telegram"] = replace(
        chat, name="telegram", abilities=replace(chat.abilities, phone=False)
    )
    world.channels = {**world.channels, **{k: post.channel(c) for k, c in more.items()}}
    await post.office.open()
    return post


async def told(post: Post, words: str = "师傅明天上午到。") -> int:
    ticket: int = await post.office.value("select max(id) from tickets")
    await act(post.office, reply, "tiancun", ticket, words)
    return ticket


async def test_a_notice_that_fails_goes_to_the_channel_used_last(post: Post) -> None:
    await post.linked("telegram", "whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = DEAD
    await told(post)
    sent = await post.deliver()
    assert [line.split(":")[0] for line in sent] == ["sms", "whatsapp"]
    assert "师傅明天上午到" in sent[1]
    assert await post.rows() == [("sms", "failed", False), ("whatsapp", "sent", True)]
    assert await post.tasks() == []


async def test_what_fails_everywhere_is_a_person_s_after_each_channel_was_tried_once(
    post: Post,
) -> None:
    await post.linked("telegram", "whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble = {"sms": DEAD, "whatsapp": DEAD, "telegram": DEAD}
    await told(post)
    sent = await post.deliver()
    assert sorted(line.split(":")[0] for line in sent) == ["sms", "telegram", "whatsapp"]
    assert await post.tasks() == ["undelivered"]


async def test_who_has_one_channel_alone_is_a_person_s_at_once(post: Post) -> None:
    await post.linked()
    post.trouble["sms"] = DEAD
    post.office.at += timedelta(minutes=5)
    await told(post)
    await Deliverer(
        post.office.pool, post.office.world, lambda *_: None, lambda: post.office.at
    ).drain()
    assert await post.tasks() == ["undelivered"]


async def test_a_channel_that_was_stopped_or_is_not_there_is_no_way_out(post: Post) -> None:
    await post.linked("telegram", "whatsapp")
    await post.office.value(
        "update addresses set opted_out_at = now() where channel = 'telegram' returning 1"
    )
    await post.office.value(
        "update addresses set blocked_at = now() where channel = 'whatsapp' returning 1"
    )
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = DEAD
    await told(post)
    assert len(await post.deliver()) == 1
    assert await post.tasks() == ["undelivered"]


async def test_a_code_that_fails_goes_nowhere_else_and_to_no_person(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = DEAD
    post.office.world.channels = {**post.office.world.channels, "webchat": webchat.channel()}
    await post.office.say("绑定手机", PHONE, phone="browser-of-a-stranger", channel="webchat")
    await post.office.ring()
    sent = await post.deliver()
    assert [line.split(":")[0] for line in sent] == ["sms"]
    assert await post.tasks() == []


async def test_stop_by_sms_stops_sms_alone(post: Post) -> None:
    await post.linked("whatsapp")
    await post.office.say("退订")
    await post.office.value("update outbox set state = 'delivered' returning 1")
    post.office.at += timedelta(minutes=5)
    await told(post)
    (sent,) = await post.deliver()
    assert sent.startswith("whatsapp")


async def test_a_resident_who_blocked_us_there_hears_it_elsewhere(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = SendError("Twilio 400/21610", retry_seconds=None, blocked=True)
    await told(post)
    assert [line.split(":")[0] for line in await post.deliver()] == ["sms", "whatsapp"]
    assert await post.tasks() == []


async def test_the_mailbox_of_the_chat_is_a_copy_and_does_not_spare_the_person(post: Post) -> None:
    await post.linked("webchat")
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = DEAD
    await told(post)
    await post.deliver()
    assert await post.rows() == [("sms", "failed", False), ("webchat", "sent", True)]
    assert await post.tasks() == ["undelivered"]


async def test_a_failed_reply_says_that_it_did_not_arrive_where_it_was_asked(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble["whatsapp"] = DEAD
    await post.office.say("查询", channel="whatsapp")
    sent = await post.deliver()
    assert "刚才的回复没送到" in sent[-1]
    assert sent[-1].startswith("sms")


async def test_a_survey_is_moved_whole_and_answered_where_it_arrives(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(hours=1)
    ticket = await told(post)
    await post.deliver()
    await act(post.office, sign, "tiancun", ticket)
    await act(post.office, contact_and_resolve, "tiancun", ticket, "暖气修好了，已回访用户。")
    post.trouble["sms"] = DEAD
    sent = await post.deliver()
    assert [line.split(":")[0] for line in sent][-2:] == ["sms", "whatsapp"]
    await post.office.say("1", "1", "1", "1", channel="whatsapp")
    survey = (await post.office.rows("select state, contacted, solved from surveys"))[0]
    assert survey["contacted"] is True
    assert survey["solved"] is not None
    await post.deliver()
    before = len(post.log)
    for _ in range(4):  # the talk that it was moved from falls silent
        await post.office.ring(timedelta(days=1))
        await post.deliver()
    reminders = [line for line in post.log[before:] if "还有一个问题" in line]
    assert [line.split(":")[0] for line in reminders] == ["sms"]


async def test_the_same_failure_is_moved_once(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = DEAD
    await told(post)
    await post.deliver()
    await post.office.value(
        "insert into timers (subject, subject_id, kind, due_at)"
        " select 'message', conversation_id, seq::text, $1 from outbox where state = 'failed'"
        " returning 1",
        post.office.at,
    )
    assert await post.deliver() == []


async def test_what_arrives_after_all_takes_back_what_stands_for_it(post: Post) -> None:
    await post.linked("whatsapp")
    post.office.at += timedelta(minutes=5)
    await told(post)
    await post.deliver()
    key, _ = await only(post)
    await report(post, key, Delivery.FAILED, "30005")
    await post.office.ring()
    await report(post, key, Delivery.DELIVERED)
    assert await post.rows() == [("sms", "delivered", False), ("whatsapp", "cancelled", True)]


async def report(
    post: Post,
    key: "tuple[int, int]",
    delivered: Delivery,
    error: str = "",
    **more: object,
) -> int:
    one = DeliveryReport(Reference(key[0], key[1], 0), delivered, error=error, **more)  # type: ignore[arg-type]  # its fields
    async with post.office.pool.acquire() as connection, connection.transaction():
        return await delivery.apply_reports(connection, [one], post.office.at)


async def test_what_may_be_brought_later_is_sent_again_and_late_words_of_the_first_try_do_nothing(
    post: Post,
) -> None:
    await post.linked()
    post.office.at += timedelta(minutes=5)
    await told(post)
    await post.deliver()
    key, ids = await only(post)
    first = ids[0]
    off = {"retry_seconds": 900.0, "provider_id": first}
    assert await report(post, key, Delivery.FAILED, "30003", **off) == 0
    assert await state(post, key) == ("pending", "p")
    assert await report(post, key, Delivery.FAILED, "30003", **off) == 1
    assert await report(post, key, Delivery.SENT, provider_id=first) == 1
    assert await post.deliver() == []
    post.office.at += timedelta(minutes=16)
    assert len(await post.deliver()) == 1
    assert await report(post, key, Delivery.FAILED, "30003", **off) == 1
    assert await state(post, key) == ("sent", "s")
    assert await report(post, key, Delivery.DELIVERED, provider_id=first) == 0


async def test_a_phone_that_stays_off_is_given_up_after_all_tries(post: Post) -> None:
    await post.linked()
    post.office.at += timedelta(minutes=5)
    await told(post)
    for _ in range(delivery.ATTEMPTS):
        await post.deliver()
        key, ids = await only(post)
        latest = {"retry_seconds": 60.0, "provider_id": ids[-1]}
        await report(post, key, Delivery.FAILED, "30003", **latest)
        post.office.at += timedelta(hours=2)
    assert await post.tasks() == ["undelivered"]


async def only(post: Post) -> tuple[tuple[int, int], list[str]]:
    (row,) = await post.office.rows(
        "select conversation_id, seq, provider_ids from outbox where purpose = 'notice'"
    )
    ids = msgspec.json.decode(row["provider_ids"], type=list[str])
    return (row["conversation_id"], row["seq"]), ids


async def state(post: Post, key: tuple[int, int]) -> tuple[str, str]:
    (row,) = await post.office.rows(
        "select state, part_states from outbox where conversation_id = $1 and seq = $2", *key
    )
    return row["state"], row["part_states"]


async def test_who_prefers_a_channel_is_told_there_and_here_where_that_fails(post: Post) -> None:
    await post.linked("whatsapp")
    await post.office.value(
        "update addresses set preferred_at = now() where channel = 'whatsapp' returning 1"
    )
    post.office.at += timedelta(minutes=5)
    await told(post)
    (sent,) = await post.deliver()
    assert sent.startswith("whatsapp")
    post.trouble["whatsapp"] = DEAD
    await told(post, "师傅改到下午。")
    assert [line.split(":")[0] for line in await post.deliver()] == ["whatsapp", "sms"]
    assert await post.tasks() == []


async def test_a_preferred_channel_that_is_not_there_any_more_leaves_the_own_one(
    post: Post,
) -> None:
    await post.linked("telegram")
    await post.office.value(
        "update addresses set preferred_at = now() where channel = 'telegram' returning 1"
    )
    world = post.office.world
    world.channels = {k: c for k, c in world.channels.items() if k != "telegram"}
    post.office.at += timedelta(minutes=5)
    await told(post)
    (sent,) = await post.deliver()
    assert sent.startswith("sms")


async def test_a_notice_at_night_waits_for_the_morning(post: Post) -> None:
    world = post.office.world
    world.quiet = QuietHours(world.timezone, (time(21, 0), time(8, 0)))
    await post.linked()
    await post.office.value("update tickets set grade = 'III' returning 1")
    post.office.at = datetime(2026, 11, 23, 14, 30, tzinfo=post.office.at.tzinfo)  # 22:30 there
    await told(post)
    assert await post.deliver() == []
    post.office.at += timedelta(hours=9, minutes=29)
    assert await post.deliver() == []
    post.office.at += timedelta(minutes=1)
    assert len(await post.deliver()) == 1


@pytest.mark.parametrize("grade", ["I", "II"])
async def test_an_urgent_notice_does_not_wait(post: Post, grade: str) -> None:
    world = post.office.world
    world.quiet = QuietHours(world.timezone, (time(21, 0), time(8, 0)))
    await post.linked()
    await post.office.value("update tickets set grade = $1 returning 1", grade)
    post.office.at = datetime(2026, 11, 23, 14, 30, tzinfo=post.office.at.tzinfo)
    await told(post)
    assert len(await post.deliver()) == 1


async def test_a_reply_at_night_does_not_wait(post: Post) -> None:
    world = post.office.world
    world.quiet = QuietHours(world.timezone, (time(21, 0), time(8, 0)))
    post.office.at = datetime(2026, 11, 23, 14, 30, tzinfo=post.office.at.tzinfo)
    (turned,) = await post.office.say("查询")
    assert turned.message is not None
    assert isinstance(turned.message.reply, Reply)
    assert turned.wait_seconds == 0


async def test_a_land_line_is_called_from_then_on_and_within_the_hours_for_calls(
    post: Post,
) -> None:
    world = post.office.world
    sms = world.channels["sms"]
    by_phone = replace(sms, name="voice", abilities=replace(sms.abilities, voice=True))
    world.channels = {**world.channels, "voice": post.channel(by_phone)}
    world.quiet = QuietHours(world.timezone, None, (time(9, 0), time(20, 0)))
    await post.linked()
    post.office.at += timedelta(minutes=5)
    post.trouble["sms"] = SendError("Twilio 400/21614", retry_seconds=None, textless=True)
    await told(post)
    assert [line.split(":")[0] for line in await post.deliver()] == ["sms", "voice"]
    await told(post, "师傅改到下午。")
    (called,) = await post.deliver()
    assert called.startswith("voice")
    post.office.at = datetime(2026, 11, 23, 12, 30, tzinfo=post.office.at.tzinfo)  # 20:30 there
    await told(post, "师傅已经出发。")
    assert await post.deliver() == []
    post.office.at += timedelta(hours=12, minutes=30)
    assert len(await post.deliver()) == 1
    assert await post.tasks() == []


async def test_a_notice_that_waits_for_the_morning_holds_up_no_reply(post: Post) -> None:
    world = post.office.world
    world.quiet = QuietHours(world.timezone, (time(21, 0), time(8, 0)))
    await post.linked()
    await post.office.value("update tickets set grade = 'III' returning 1")
    post.office.at = datetime(2026, 11, 23, 14, 30, tzinfo=post.office.at.tzinfo)
    await told(post)
    post.office.at += timedelta(minutes=5)
    await post.office.say("查询")
    (sent,) = await post.deliver()
    assert "答复：师傅明天上午到" in sent  # how it stands, and not the notice itself
    post.office.at += timedelta(hours=10)
    assert len(await post.deliver()) == 1


async def test_who_writes_again_gets_first_what_could_not_be_brought_and_then_the_reply(
    post: Post,
) -> None:
    await post.linked()
    post.office.at += timedelta(minutes=5)
    await told(post)
    await post.deliver()
    key, ids = await only(post)
    off = {"retry_seconds": 900.0, "provider_id": ids[0]}
    await report(post, key, Delivery.FAILED, "30003", **off)
    post.office.at += timedelta(minutes=1)
    assert await post.deliver() == []
    await post.office.say("查询")
    sent = await post.deliver()
    assert len(sent) == 2
    assert "师傅明天上午到" in sent[0]


async def test_who_opened_it_in_the_chat_and_prefers_sms_gets_both(post: Post) -> None:
    await post.linked("webchat")
    await post.office.value(
        "update tickets set conversation_id = (select id from conversations where channel = 'webchat')"
        " returning 1"
    )
    await post.office.say("以后用短信通知我", channel="webchat")
    post.office.at += timedelta(minutes=5)
    await told(post)
    (sent,) = await post.deliver()
    assert sent.startswith("sms")
    assert await post.rows() == [("webchat", "sent", False), ("sms", "sent", True)]
