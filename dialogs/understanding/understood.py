"""What one message says, as far as it was understood."""

import msgspec

from dialogs.understanding.place import PlaceFound
from dialogs.words import AlertKind, Grade, Kind


class Understood(msgspec.Struct, frozen=True):
    """What one message says. `topic` is a code or empty; `title` names the matter in ≤ 8 characters.

    `affected` counts people or households, 0 when unknown; `since_words` say when it began (上周三晚上); `parts`
    are the texts of several matters told at once, none when there is one; `on_behalf`: another person's matter.
    """

    kind: Kind | None
    topic: str
    topic_candidates: tuple[str, ...]
    grade: Grade | None
    emergency: bool
    place: PlaceFound
    enterprise: str
    title: str
    has_matter: bool
    affected: int = 0
    since_words: str = ""
    alert: AlertKind | None = None
    parts: tuple[str, ...] = ()
    on_behalf: bool = False
