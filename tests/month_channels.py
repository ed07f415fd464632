"""How people and units are reached in the scripted month: callers, a bot, and units that act by writing back."""

from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

import orjson

from channels import telegram, voice
from channels.telegram_api import TelegramBot
from dialogs.said import Said
from dialogs.ticket_number import format_number
from dialogs.words import Moment
from gateway.unit_sending import signature
from handlers.case import By
from handlers.sign import sign
from handlers.unit_contacts import Registered, Registering, register
from handlers.whistle import Whistling, whistle
from handlers.whistle_close import Concluding, close_whistle
from handlers.world import World
from store.database import Connection
from tests.month import Do, Drain, Say, Story, Wait
from tests.month_casework import ended, in_hand
from tests.month_city import Matter
from tests.month_script import Script
from tests.office import Office
from tests.unit_phone import Wire
from tests.world import ACCOUNT

LINE = "+861012345"
BOT = TelegramBot("12345:month-month-month-month-month-month", "secret")
SECRET = "one-secret-of-a-system-{}"


class Lent(NamedTuple):
    """A contact of a unit, and a ticket that it was told of."""

    contact: int
    ticket: int


def open_channels(office: Office) -> None:
    """The city has a telephone and a bot, too."""
    office.world.channels = {
        **office.world.channels,
        voice.NAME: voice.channel(ACCOUNT, LINE, "CN"),
        telegram.NAME: telegram.channel(BOT, "CN"),
    }


def called(script: Script, matter: Matter) -> Story:
    """From a mobile: one call, and all that follows by text."""
    said = (Said(moment=Moment.BEGAN), "1", matter.text, "1", Said(moment=Moment.ENDED))
    yield Say(matter.address, said, voice.NAME)
    yield from script.dispatched(matter, script.lead_of(matter))
    script.month.count("calls", "in")
    yield from script.handled(matter)
    yield from script.answered(matter)


def by_land_line(script: Script, matter: Matter) -> Story:
    """From a land line, which is rung when all is done."""
    matter.channel = voice.NAME
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter)


def by_bot(script: Script, matter: Matter) -> Story:
    """A resident on Telegram."""
    matter.channel = telegram.NAME
    yield from script.opened(matter)
    yield from script.handled(matter)
    yield from script.answered(matter)


async def lend(
    connection: Connection, world: World, by: By, channel: str, address: str, token: str
) -> Registered:
    """A unit registers where it is to be told."""
    order = Registering(channel, "值班", address, "desk", by.unit_id or 0)
    return await register(connection, world, by, order, token)


def told_by_bot(script: Script, matter: Matter) -> Story:
    """A unit's chat binds itself by its code; told of new work it signs, and later says how it goes."""
    chat = f"{800_000_000 + matter.number}"
    token = f"{matter.number:043d}"
    lent: Registered = yield Do(matter.street, lend, (telegram.NAME, "", token))
    yield Say(chat, (f"绑定{lent.code}",), telegram.NAME)
    yield Drain()
    script.month.count("phones", telegram.NAME)
    yield from script.opened(matter)
    yield Wait(1)
    yield Drain()
    told(script, matter, lent.contact_id, "telegram dispatched sent")
    number = format_number(matter.id)
    yield Say(chat, (f"签收{number}",), telegram.NAME)
    yield Drain()
    script.has_signed(matter)
    yield from script.contacted(matter)
    yield Say(chat, (f"进展{number} 师傅已到现场",), telegram.NAME)
    yield Drain()
    script.happened("progressed")
    for reply in ("绑定", "签收", "进展"):
        script.month.count("unit replies", reply)
    yield from ended(script, matter)


def told(script: Script, matter: Matter, contact: int, how: str) -> None:
    """A contact has been told of a ticket."""
    script.lent.append(Lent(contact, matter.id))
    script.month.count("told units", how)


def told_by_post(script: Script, matter: Matter) -> Story:
    """A unit's own system is called, with a signature that only the two can make."""
    url = f"https://work{matter.number}.example.cn/jiesu"
    secret = SECRET.format(matter.number)
    lent: Registered = yield Do(matter.street, lend, ("webhook", url, secret))
    script.month.count("phones", "webhook")
    yield from script.opened(matter)
    yield Wait(1)
    yield Drain()
    told(script, matter, lent.contact_id, "webhook dispatched sent")
    script.month.count("posted", f"{matter.number} {format_number(matter.id)} dispatched")
    yield from script.act(matter, matter.lead, sign)
    script.has_signed(matter)
    yield from script.contacted(matter)
    yield from ended(script, matter)


def reports_by_phone(script: Script, matter: Matter) -> Story:
    """A called unit comes and says what it thinks by its own phone; the lead has its conclusion."""
    (other,) = script.neighbours(matter, 1)
    phone = f"+86136{matter.number:08d}"
    lent: Registered = yield Do(other, lend, ("sms", phone, ""))
    yield Say(phone, ("确认",))
    yield Drain()
    script.month.count("phones", "sms")
    yield from in_hand(script, matter)
    order = Whistling("daily", "act", (script.month.office.units[other],), "请到现场看看")
    blown = yield from script.act(matter, matter.lead, whistle, order)
    script.happened("whistled")
    script.month.count("leads", f"{other} called {matter.round}")
    yield Wait(1)
    yield Drain()
    told(script, matter, lent.contact_id, "sms whistled sent")
    number = format_number(matter.id)
    yield Say(phone, (f"报到{number}现场", f"意见{number} 可以当场处置"))
    yield Drain()
    for reply in ("确认", "报到", "意见"):
        script.month.count("unit replies", reply)
    script.month.count("whistle calls", f"{other} in time")
    yield from script.act(matter, matter.lead, close_whistle, Concluding(blown, "已处置"))
    script.happened("whistle_closed")
    script.month.count("whistles", "daily act")
    script.month.count("conclusions", "nobody's")
    yield from ended(script, matter)


def posted(wire: Wire) -> Counter[str]:
    """What systems were posted with a signature that holds: whose it is, ticket and event."""
    found: Counter[str] = Counter()
    for url, body, signed in wire.posted:
        seconds = signed.partition(",")[0].removeprefix("t=")
        sent_at = datetime.fromtimestamp(int(seconds), UTC)
        number = url.removeprefix("https://work").partition(".")[0]
        secret = SECRET.format(number)
        assert signature(secret, sent_at, body) == signed
        notices = orjson.loads(body)["notices"]
        found.update(f"{number} {one['ticket']} {one['event']}" for one in notices)
    return found
