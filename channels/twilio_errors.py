"""What Twilio's error codes mean for the next try: at once when it refuses, later when it reports.

https://www.twilio.com/docs/api/errors
"""

from typing import Final

from channels.twilio import STOPPED

# Refusals that end by themselves, or when we have mended something: seconds until the next try.
LATER_SECONDS: Final = {
    20429: 2.0,  # too many requests
    14107: 30.0,  # too many messages between two numbers within 30 seconds
    21611: 60.0,  # our number's queue is full
    63010: 30.0,  # WhatsApp's own error
    63012: 30.0,
    63018: 60.0,  # faster than WhatsApp lets us
    63038: 3600.0,  # the account's messages of this day are used up
    # Ours to mend, not the resident's fault: credentials, the sending number, the account's state.
    **dict.fromkeys((20003, 20005, 20403, 20404, 21603, 21606, 21659, 30002), 300.0),
    **dict.fromkeys((63001, 63007, 63020, 63112), 300.0),
}

# Taken and then not brought, but worth another try.
REPORTED_LATER_SECONDS: Final = {
    30001: 60.0,  # the queue was full
    30003: 900.0,  # switched off, or without a network
    30008: 300.0,  # nobody knows why
    30009: 60.0,  # a segment was lost
    30017: 300.0,  # the operator's network is full
    30410: 60.0,  # the operator did not answer in time
    63010: 60.0,
    63012: 60.0,
    63018: 300.0,
}

# The resident wants nothing from us there.
BLOCKED: Final = frozenset({STOPPED, 63033})

# The number takes no texts: a land line. Notices are spoken to it from then on.
TEXTLESS: Final = frozenset({21614, 30006})

# A template that is not there, not approved or does not fit: the same can be said in plain text.
TEMPLATE_FAULTS: Final = frozenset({21655, 21656, 21658, 63005, 63021, 63027, 63028})
