"""What the pages say of the names and numbers that they have from the code; a test fails where a word is missing."""

from dataclasses import dataclass
from datetime import timedelta

from dialogs.words import Delivery, Grade
from gateway.breaker import REST_SECONDS
from gateway.browser import KEPT_SECONDS
from gateway.chat_media import DRAFTS_KEPT
from gateway.delivery import LEASE
from gateway.second_reader import SECONDS
from gateway.second_readings import KEPT
from handlers.call_rules import CallRules
from handlers.calls_waiting import SAID_EVERY_SECONDS
from handlers.delivery import ATTEMPTS, BACK_OFF_SECONDS
from handlers.fetch_media import BACK_OFF_SECONDS as FETCH_BACK_OFF
from handlers.find_tickets import PROOFS_A_DAY
from handlers.following import SECOND_LOOK
from handlers.keep_media import LARGEST_PHOTO_BYTES, MEGABYTE
from handlers.learn import LEAST_ROWS
from handlers.limits import Rates
from handlers.link_codes import CODES_AN_HOUR, VALID_FOR
from handlers.link_codes import TRIES as TRIES_AT_CODE
from handlers.login import FAILURES_ALLOWED, LOCKED_FOR, PASSWORD_LENGTH, SESSION_LASTS
from handlers.open_ticket import TITLE_LENGTH
from handlers.outgoing import OFFER_LEASE_SECONDS
from handlers.timers import UNSENT_PATIENCE
from handlers.told_before import NEARBY_WINDOW, OTHERS, OUTAGE_OTHERS, REPEAT_WINDOW
from store.related import NEAR_METERS

_RATES = Rates()
_CALLS = CallRules()


@dataclass(frozen=True, slots=True)
class Limit:
    """A number: what it rules, where it comes from, and where somebody changes it (a setting or a file)."""

    what: str
    value: object
    source: str
    place: str


DELIVERIES = {
    Delivery.PENDING: "to be sent by whoever claims it",
    Delivery.OFFERED: "given in the answer to the webhook; without a report it is asked for, then sent by the API",
    Delivery.SENDING: "claimed by a sender, for as long as its lease lasts",
    Delivery.SENT: "taken by the provider, or laid in the mailbox of a chat",
    Delivery.DELIVERED: "reported as arrived; nothing comes after it",
    Delivery.FAILED: "given up: a dead letter and a task for a person",
    Delivery.CANCELLED: "not to be sent: the resident has stopped our messages, is told elsewhere, or a later reply says it",
}

GRADES = {
    Grade.I: "danger to life or property; whatever is told as an emergency",
    Grade.II: "water, power, gas, heat",
    Grade.III: "everything that has no grade of its own",
    Grade.IV: "what is complex by its topic",
}

DIALOGS = {
    "intake": "a reminder; at the end the ticket is opened as it stands (marked 市民没有最后确认)",
    "status": "ends quietly",
    "follow_up": "ends quietly",
    "survey": "one reminder; at the end it expires and keeps what was answered",
    "menu": "ends quietly",
    "human": "ends quietly",
    "language": "ends quietly",
    "start_over": "ends quietly",
    "opt_out": "ends quietly",
    "patrol": "what a steward told is handed in; else ends quietly",
    "preferred": "ends quietly",
    "steward": "ends quietly",
    "sharing": "ends quietly",
    "link": "ends quietly",
    "call": "ends: the caller has hung up; what lies below asks for itself",
}

LIMITS = (
    Limit(
        "A reply given inline counts as lost without a status report",
        (OFFER_LEASE_SECONDS,),
        "assumption: reports come within seconds; a double SMS is worse than a late one",
        "handlers/outgoing.py",
    ),
    Limit(
        "A message that failed is tried again after",
        BACK_OFF_SECONDS,
        "assumption; a provider's own wish (Retry-After) counts as the least",
        "handlers/delivery.py",
    ),
    Limit("Tries until a message is given up", ATTEMPTS, "assumption", "handlers/delivery.py"),
    Limit(
        "A sender may hold a message",
        LEASE,
        "above a provider's time-out, below the minute in which others must take over",
        "gateway/delivery.py",
    ),
    Limit(
        "Messages to one address in an hour; more replies are left out",
        _RATES.address_per_hour,
        "assumption, against cost bombing",
        "SMS_ADDRESS_PER_HOUR",
    ),
    Limit(
        "Messages to one prefix in a minute; more wait",
        _RATES.prefix_per_minute,
        "assumption, against cost bombing",
        "SMS_PREFIX_PER_MINUTE",
    ),
    Limit(
        "Messages to all in a second; more wait",
        _RATES.all_per_second,
        "the provider's contract",
        "SMS_PER_SECOND",
    ),
    Limit(
        "A caller in the queue hears the place again after (seconds)",
        (SAID_EVERY_SECONDS,),
        "own terms: position and expected wait",
        "handlers/calls_waiting.py",
    ),
    Limit(
        "A caller in the queue may ask to be called back after",
        _CALLS.offer_after,
        "own terms",
        "handlers/call_rules.py",
    ),
    Limit(
        "Duty phones that nobody has acknowledged ring all over again after",
        _CALLS.duty_pause,
        "assumption",
        "CALL_DUTY_MINUTES",
    ),
    Limit(
        "So often in all; then it is an urgent task of the centre",
        _CALLS.duty_rounds,
        "assumption",
        "CALL_DUTY_ROUNDS",
    ),
    Limit(
        "The same matter of the same resident counts as told again for",
        REPEAT_WINDOW,
        "assumption",
        "handlers/told_before.py",
    ),
    Limit(
        "Others' tickets of the same matter nearby are offered for",
        NEARBY_WINDOW,
        "assumption",
        "handlers/told_before.py",
    ),
    Limit(
        "Others who have told it, for that: water, power, gas, heat, danger (grades I and II)",
        OUTAGE_OTHERS,
        "assumption: it is rarely one household's alone",
        "handlers/told_before.py",
    ),
    Limit(
        "The same for all other topics",
        OTHERS,
        "assumption",
        "handlers/told_before.py",
    ),
    Limit(
        "Metres between two pins that count as nearby",
        NEAR_METERS,
        "assumption: a large compound",
        "store/related.py",
    ),
    Limit(
        "A ticket that has joined another looks again after",
        SECOND_LOOK,
        "above the longest transaction",
        "handlers/following.py",
    ),
    Limit(
        "Wrong proofs in a day until a ticket is shown to nobody by its number",
        PROOFS_A_DAY,
        "assumption: four digits are guessed in 10,000 tries",
        "handlers/find_tickets.py",
    ),
    Limit(
        "A question not sent yet is looked at again after",
        UNSENT_PATIENCE,
        "a resident's clock starts when the question was sent",
        "handlers/timers.py",
    ),
    Limit(
        "Characters of a title",
        TITLE_LENGTH,
        "an SMS part has 70",
        "handlers/open_ticket.py",
    ),
    Limit(
        "A browser keeps its conversation for",
        (KEPT_SECONDS,),
        "assumption; begins anew with every visit",
        "gateway/browser.py",
    ),
    Limit(
        "A code by SMS that links a web chat counts for",
        VALID_FOR,
        "assumption",
        "handlers/link_codes.py",
    ),
    Limit(
        "Tries at such a code",
        TRIES_AT_CODE,
        "one guess in 200,000 is right by chance",
        "handlers/link_codes.py",
    ),
    Limit(
        "Such codes in an hour, to one number and from one chat",
        CODES_AN_HOUR,
        "assumption, against cost bombing",
        "handlers/link_codes.py",
    ),
    Limit(
        "A file that cannot be fetched is tried again after",
        FETCH_BACK_OFF,
        "assumption; then it is given up, and the ticket says so",
        "handlers/fetch_media.py",
    ),
    Limit(
        "Megabytes of a photo",
        LARGEST_PHOTO_BYTES // MEGABYTE,
        "assumption: above what phones take",
        "handlers/keep_media.py",
    ),
    Limit(
        "A photo that was uploaded and never sent is kept for",
        DRAFTS_KEPT,
        "assumption",
        "gateway/chat_media.py",
    ),
    Limit(
        "Wrong passwords until a login is locked",
        FAILURES_ALLOWED,
        "assumption",
        "handlers/login.py",
    ),
    Limit("A login stays locked for", LOCKED_FOR, "assumption", "handlers/login.py"),
    Limit("Characters of a password, at least", PASSWORD_LENGTH, "assumption", "handlers/login.py"),
    Limit("A staff session lasts", SESSION_LASTS, "a shift", "handlers/login.py"),
    Limit(
        "A language model has for a second reading",
        timedelta(seconds=SECONDS),
        "nothing waits for it; later than that the resident has gone on",
        "gateway/second_reader.py",
    ),
    Limit(
        "One that fails is left alone for",
        timedelta(seconds=REST_SECONDS),
        "assumption; after 5 failures in a row, or more than half of the last 20",
        "gateway/breaker.py",
    ),
    Limit("What it read is kept for", KEPT, "assumption", "gateway/second_readings.py"),
    Limit(
        "Rows that `jiesu learn` needs",
        LEAST_ROWS,
        "assumption: fewer prove nothing",
        "handlers/learn.py",
    ),
)

SETTINGS = {
    "DATABASE_URL": "PostgreSQL; absent, `dev` and tests bring their own",
    "REDIS_URL": "Redis or Valkey; absent, likewise",
    "HOST": "address that `web` listens on",
    "PORT": "port that `web` listens on",
    "PUBLIC_URL": "what residents and providers call, exactly: signatures cover it",
    "DATA_DIR": "this node's own disk: spool, photos, embedded servers",
    "SECRET_KEY": "wraps the keys that addresses are sealed with; 32 characters or more",
    "TWILIO_ACCOUNT_SID": "the three go together; absent, `dev` uses its stand-in",
    "TWILIO_AUTH_TOKEN": "also proves that a webhook comes from Twilio",
    "TWILIO_PHONE_NUMBER": "the number that residents write to",
    "TWILIO_API_URL": "for a server that stands in for Twilio",
    "TELEGRAM_BOT_TOKEN": "the bot that residents write to, as BotFather gave it ([telegram](telegram.md))",
    "TELEGRAM_WEBHOOK_SECRET": "what proves that an update comes from Telegram; after a change run `jiesu telegram register`",
    "TELEGRAM_API_URL": "the base before `/bot<token>`, for a Bot API server of your own",
    "TIMEZONE": "the city's",
    "PHONE_REGION": "how numbers without a country code are read",
    "LANGUAGES": "what residents are spoken to in; the first to whom we do not know",
    "METRICS_TOKEN": "who sends it as a bearer token may read `/metrics`",
    "METRICS_PORT": "worker and clock serve `/metrics` there, or on the next port that is free; not for the world",
    "QUIET_HOURS": "when notices and surveys that are not urgent wait for the morning; `none`: never",
    "VOICE_ZH": "the voice that speaks Chinese, as Twilio names voices",
    "VOICE_EN": "the voice that speaks English",
    "VOICE_LISTEN_ZH": "the language that speech recognition expects of who speaks Chinese",
    "VOICE_LISTEN_EN": "the same of who speaks English",
    "VOICE_WAIT_SECONDS": "a caller who says nothing is waited for",
    "VOICE_PAUSE": "how long a pause ends what a caller says: `auto`, or seconds",
    "VOICE_MODEL": "a speech model of Twilio's; needs VOICE_PAUSE in seconds",
    "VOICE_HINTS": "words that recognition is told to expect, with commas between",
    "VOICE_LEAST_CONFIDENCE": "percent; speech that is less sure is read back to the caller",
    "VOICE_MESSAGE_SECONDS": "the longest recorded message",
    "VOICE_MUSIC_URL": "what a waiting caller hears between words; nothing where it is empty",
    "VOICE_CALLS_PER_SECOND": "calls that one process begins in a second; Twilio allows a new account one",
    "CALL_HOURS": "when residents may be called; `none`: at any time",
    "LOG_LEVEL": "debug, info, warning, error",
    "TRUSTED_PROXIES": "how many reverse proxies of yours stand in front",
    "SMS_ADDRESS_PER_HOUR": "see [rules.md](rules.md)",
    "SMS_PREFIX_PER_MINUTE": "see [rules.md](rules.md)",
    "WHATSAPP_NUMBER": "the number that residents write to by WhatsApp; it belongs to the Twilio account",
    "WHATSAPP_TEMPLATES": "content templates with buttons and lists, see [twilio.md](twilio.md); none: numbered text",
    "WHATSAPP_NOTICE_TEMPLATE": "an approved template for who has not written for a day; none: another channel",
    "DUTY_PHONES": "who gets an SMS when somebody despairs, threatens, or a crowd gathers; none: the console alone",
    "HUMAN_HOURS": "when people answer, in the city's time: `08:30-20:00`, or `mon-fri 08:30-20:00, sat 09:00-17:00`",
    "HUMAN_WAIT_MINUTES": "nobody comes to who asked for a person: a call-back is kept then, and the bot goes on",
    "CALL_RING_SECONDS": "a phone that we call rings: of staff who take a caller, of somebody on duty",
    "CALL_DUTY_ROUNDS": "how often all duty phones of a unit ring in turn, until somebody presses a key",
    "CALL_DUTY_MINUTES": "pause between two such rounds; then an urgent task stands at the centre",
    "CALL_DUTY_HOURS": "when duty phones ring for grade II, in the city's time: `07:00-22:00`; grade I rings at any hour",
    "HUMAN_IDLE_MINUTES": "a member of staff leaves a resident without an answer: the talk goes to the next then",
    "MEDIA_LARGEST_MB": "megabytes of a recording or a file; photos have 10, or this where it is less",
    "MEDIA_DELETE_AT_PROVIDER": "`yes` has Twilio delete its copy of what residents sent, once it is kept here",
    "SMS_PER_SECOND": "see [rules.md](rules.md); held per process",
    "UNIT_NETWORKS": "private networks in which units' own systems may be called, `10.20.0.0/16,172.16.8.0/24`; none: public addresses alone",
    "UNDERSTANDING_URL": "an endpoint that speaks OpenAI's chat completions, `https://…/v1`; absent, nothing is read a second time ([learning.md](learning.md))",
    "UNDERSTANDING_MODEL": "the model to ask for there; goes together with the URL",
    "UNDERSTANDING_KEY": "sent as a bearer token, if set",
}
