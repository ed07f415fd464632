"""While a member of staff has the talk, the dialog is silent: it only hears what cannot wait, and what is the law.

Danger gets its words even then and reaches the duty leader; STOP and 退订 are honoured. A survey that falls due waits.
"""

from dialogs.alerting import alert_in, alerted
from dialogs.danger import danger
from dialogs.dialog import Facts, Finish
from dialogs.engine import Repertoire, Step
from dialogs.opt_out import OPT_OUT
from dialogs.requests import Event, SecondReading, SurveyDue
from dialogs.said import Said
from dialogs.session import Session
from dialogs.stepping import Stepping
from dialogs.understanding.text import command_word

HELD = "human"  # why what was said gets no reply


def overhear(session: Session, event: Event, facts: Facts, repertoire: Repertoire) -> Step:
    """Step a conversation that a person holds; its open question stays as it is."""
    stepping = Stepping(session, facts, repertoire)
    match event:
        case Said():
            _hear(stepping, event)
        case SurveyDue():
            stepping.change(waiting=(*session.waiting, event))
        case SecondReading():
            stepping.take(event)
        case _:
            pass
    replies = stepping.replies()
    return Step(
        stepping.session,
        replies,
        tuple(stepping.requests),
        None,
        stepping.wake_seconds(),
        "" if replies else HELD,
    )


def _hear(stepping: Stepping, said: Said) -> None:
    stepping.change(silence=0)
    if not said.text or _opts(stepping, said):
        return
    understood = stepping.facts.reader.understand(said.text)
    if understood.emergency:
        stepping.said.append(danger(stepping.talk(), said.text))
    alert = alert_in(stepping.session, understood, said.text, stepping.facts.now)
    if alert is not None:
        stepping.requests.append(alert)
        stepping.session = alerted(stepping.session, alert, stepping.facts.now)


def _opts(stepping: Stepping, said: Said) -> bool:
    """Whether it was 退订, STOP or their contrary, and nothing else."""
    state = OPT_OUT.commands.get(command_word(said.text))
    if state is None or not stepping.facts.opt_out:
        return False
    data = OPT_OUT.data()
    move = OPT_OUT.states[state].hear(stepping.talk(), data, said)
    if not isinstance(move, Finish):
        return False
    stepping.said.append(move.say)
    stepping.requests.extend(move.do)
    return True
