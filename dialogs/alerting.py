"""What the duty leader has to hear of within a minute, in whatever dialog the words fall, and what is said to who says them."""

from datetime import datetime, timedelta

import msgspec

from dialogs.dialog import Talk
from dialogs.phrases import phrase
from dialogs.requests import RaiseAlert
from dialogs.session import Session
from dialogs.understanding.reader import Understood
from dialogs.words import AlertKind

QUIET = timedelta(minutes=30)  # the same again within this time rings no phone
_LONGEST_ABOUT = 500

# Calm, and no accusation. Who despairs is spoken to by `danger`.
_WORDS: dict[AlertKind, str] = {
    AlertKind.CROWD: phrase("I report this to the manager on duty right now. Please stay safe."),
    AlertKind.WAGES: phrase("I report this to the manager on duty right now. Please stay safe."),
    AlertKind.THREAT: phrase("I report this at once. Please hurt nobody, nor yourself; we help."),
    AlertKind.CHILD: phrase("A child comes first: I report this to the manager on duty right now."),
}


def alert_in(
    session: Session, understood: Understood, text: str, now: datetime
) -> RaiseAlert | None:
    """The alert that a message raises, None for nearly all."""
    if understood.alert is None:
        return None
    before = session.alerted.get(understood.alert)
    again = before is not None and now - before < QUIET
    return RaiseAlert(understood.alert, text.strip()[:_LONGEST_ABOUT], again=again)


def alerted(session: Session, alert: RaiseAlert, now: datetime) -> Session:
    """Remember when a phone rang last for this sort of thing."""
    if alert.again:
        return session
    return msgspec.structs.replace(session, alerted={**session.alerted, alert.kind.value: now})


def words(talk: Talk, alert: RaiseAlert) -> str:
    """What is said at once, "" where it has been said."""
    said = _WORDS.get(alert.kind, "")
    return talk.say(said) if said and not alert.again else ""
