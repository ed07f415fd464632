"""Whether a consumer dispute may go to its enterprise first (绿色通道): asked once, and never where the resident is hidden."""

import msgspec

from dialogs.requests import Draft
from dialogs.understanding.reader import Reader
from dialogs.words import Kind

DISPUTES = frozenset({Kind.COMPLAINT, Kind.REQUEST})


def may_settle(reader: Reader, draft: Draft) -> bool:
    """Tell whether it is worth asking: a consumer dispute with an enterprise that is named, which is no tip-off."""
    if draft.green is not None or _hidden(draft) or draft.emergency or draft.elsewhere is not None:
        return False
    topic = reader.topic(draft.topic)
    if topic is None or not topic.green or reader.enterprise(draft.enterprise) is None:
        return False
    return not topic.enterprises or draft.enterprise in topic.enterprises


def not_hidden(draft: Draft) -> Draft:
    """Take the consent back where who it is became a secret afterwards, or the matter a tip-off."""
    if draft.green and _hidden(draft):
        return msgspec.structs.replace(draft, green=None)
    return draft


def _hidden(draft: Draft) -> bool:
    return draft.confidential or draft.anonymous or draft.kind not in DISPUTES
