"""Photos, recordings and shared locations that come while a question is open that has no use for them."""

import msgspec

from dialogs.said import Said
from dialogs.session import Frame
from dialogs.stepping import Stepping

_encode = msgspec.json.Encoder().encode


def enclosed(stepping: Stepping, said: Said) -> Said | None:
    """Put them where they are kept, if the open question does not hear them.

    Returns what else was said, None when that is all.
    """
    top = stepping.top()
    if top is None or top[1].media or not (said.attachments or said.pin):
        return said
    _keep(stepping, said)
    rest = msgspec.structs.replace(said, attachments=(), pin=None)
    if rest.text or rest.choice:
        return rest
    say = stepping.talk().say
    stepping.said.append(say("Got the photo.") if said.attachments else say("Got your location."))
    stepping.ask()
    return None


def _keep(stepping: Stepping, said: Said) -> None:
    """Give them to the topmost dialog that has a use for them, else to a new one below all."""
    frames = list(stepping.session.frames)
    dialogs = stepping.repertoire.dialogs
    for at in range(len(frames) - 1, -1, -1):
        dialog = dialogs.get(frames[at].dialog)
        data = frames[at].read(dialog.data) if dialog is not None else None
        if dialog is not None and dialog.encloses is not None and data is not None:
            kept, requests = dialog.encloses(data, said)
            frames[at] = Frame(dialog.name, frames[at].state, msgspec.Raw(_encode(kept)))
            stepping.change(frames=tuple(frames))
            stepping.requests.extend(requests)
            return
    fallback = dialogs[stepping.repertoire.fallback]
    if fallback.encloses is not None:  # to be asked about when all that is open has ended
        kept, _ = fallback.encloses(fallback.data(), said)
        frame = Frame(fallback.name, fallback.first, msgspec.Raw(_encode(kept)))
        stepping.change(frames=(frame, *frames))
