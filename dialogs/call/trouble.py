"""Silence and mishearing: asked again in other words, then with an example, then by keys alone, then by a person.

A caller who has said nothing at all is not put into the queue: what is there may be a pocket. They may leave a message.
Whose number is marked for abuse is asked once more, then told why the call ends; danger is heard as ever.
"""

import msgspec

from dialogs.call.calling import Calling
from dialogs.call.memory import begin, phone, remember
from dialogs.intake.by_key import BY_KEY
from dialogs.patience import is_marked
from dialogs.phrases import phrase
from dialogs.stepping import Stepping

_EXAMPLES: dict[str, str] = {
    "listen": phrase("For example: “Haidian, Tiancun Road, building 5: the heating is cold”."),
    "matter": phrase("In a few words, please: “no water since morning”, for example."),
    "place": phrase("A road, an estate or a big building nearby will do."),
    "street": phrase("A road, an estate or a big building nearby will do."),
}
_AGAIN, _EXAMPLE, _BY_KEYS = 1, 2, 3


def stumbled(stepping: Stepping, hint: str, *, silent: bool, empty: bool) -> None:
    """Ask again; how, depends on how often it has been in vain. `empty`: nothing was said, or nothing but abuse and noise."""
    times = phone(stepping).trouble + 1
    remember(stepping, trouble=times)
    if empty and times > _AGAIN and _is_put_up_with(stepping):
        _part(stepping)
    elif times == _AGAIN:
        _ask_again(stepping, hint, silent=silent)
    elif times == _EXAMPLE:
        _give_example(stepping)
    elif times == _BY_KEYS and _ask_for_keys(stepping):
        pass
    else:
        _give_over(stepping)


def _is_put_up_with(stepping: Stepping) -> bool:
    return is_marked(stepping.session, stepping.facts.now) and not _cares(stepping)


def _part(stepping: Stepping) -> None:
    """Say why the call ends, and what to do in danger."""
    say = stepping.talk().say
    stepping.question = None
    stepping.said.append(
        say(
            "Nothing to report has reached me, so I hang up. Call again at any time. "
            "In danger call 110, 119 or 120."
        )
    )
    begin(stepping, "bye")


def _ask_again(stepping: Stepping, hint: str, *, silent: bool) -> None:
    say = stepping.talk().say
    if _cares(stepping):
        stepping.said.append(say("I am listening; take your time."))
        return
    stepping.said.append(
        say("I heard nothing.") if silent else hint or say("I did not catch that.")
    )


def _give_example(stepping: Stepping) -> None:
    """An example stands for the question where that was open; keys are named again."""
    say = stepping.talk().say
    if _cares(stepping):
        stepping.said.append(say("Thank you for telling me. You are not alone with this."))
        return
    example = _EXAMPLES.get(stepping.session.frames[-1].state if stepping.session.frames else "")
    question = stepping.question
    stepping.said.append(say("Still nothing clear reaches me."))
    if example is not None and question is not None:
        stepping.question = msgspec.structs.replace(question, text=say(example), choices=())
    elif question is not None and question.digits:
        stepping.said.append(say("Please key in the digits, one after the other."))
    elif question is not None and question.choices:
        stepping.said.append(say("Please press a key, or say the words of your choice."))
    else:
        stepping.said.append(say("Please speak slowly, in one sentence."))


def _cares(stepping: Stepping) -> bool:
    """Whoever despairs may be silent, and is not told so."""
    frames = stepping.session.frames
    return bool(frames) and frames[-1].state == "caring"


def _ask_for_keys(stepping: Stepping) -> bool:
    """The same by keys alone; not every question can be asked so."""
    frame = stepping.session.frames[-1] if stepping.session.frames else None
    by_key = BY_KEY.get(frame.state, "") if frame is not None and frame.dialog == "intake" else ""
    top = stepping.top()
    if by_key and top is not None:
        stepping.put(by_key, top[2])
        stepping.ask()
    question = stepping.question
    if question is None or not (question.choices or question.digits):
        return False
    stepping.said.append(stepping.talk().say("Speech does not get through; please use the keys."))
    stepping.question = msgspec.structs.replace(question, keys_only=True)
    return True


def _give_over(stepping: Stepping) -> None:
    """A person, or a recorded message."""
    stepping.question = None
    if phone(stepping).spoke:
        if not _cares(stepping):
            stepping.said.append(stepping.talk().say("I cannot hear you well."))
        begin(stepping, "human", Calling("misunderstood"))
    else:
        begin(stepping, "message")
