"""What a call remembers, read and written in the middle of a step."""

import msgspec

from dialogs.call.calling import CALL, Calling
from dialogs.said import Said
from dialogs.session import OnPhone
from dialogs.stepping import Stepping


def phone(stepping: Stepping) -> OnPhone:
    """What is remembered of this call; a call whose beginning was missed has nothing yet."""
    return stepping.session.phone or OnPhone()


def remember(stepping: Stepping, **fields: object) -> None:
    """Put other fields into it."""
    stepping.change(phone=msgspec.structs.replace(phone(stepping), **fields))


def is_calling(stepping: Stepping, state: str = "") -> bool:
    """Tell whether the open question is one of the call's own, or the one named."""
    frames = stepping.session.frames
    return bool(frames) and frames[-1].dialog == CALL and state in {"", frames[-1].state}


def begin(stepping: Stepping, state: str, data: Calling | None = None) -> None:
    """Put one of the call's own questions on top."""
    dialog = stepping.repertoire.dialogs[CALL]
    asks = dialog.states[state].ask is not None
    stepping.begin(dialog, state, data or Calling(), None if asks else Said())
