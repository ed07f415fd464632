"""All dialogs that there are; a new one is a file of its own and a line here."""

from dialogs.call.dialog import CALLING
from dialogs.engine import Repertoire
from dialogs.follow_up import FOLLOW_UP
from dialogs.human import HUMAN
from dialogs.intake.dialog import INTAKE
from dialogs.language import LANGUAGE
from dialogs.link import LINK
from dialogs.menu import MENU
from dialogs.opt_out import OPT_OUT
from dialogs.patrol import PATROL
from dialogs.preferred import PREFERRED
from dialogs.sharing import SHARING
from dialogs.start_over import START_OVER
from dialogs.status import STATUS
from dialogs.steward import STEWARD
from dialogs.survey import SURVEY

_ALL = (
    INTAKE,
    STATUS,
    FOLLOW_UP,
    SURVEY,
    MENU,
    HUMAN,
    LANGUAGE,
    START_OVER,
    OPT_OUT,
    PREFERRED,
    LINK,
    SHARING,
    STEWARD,
    PATROL,
    CALLING,
)

REPERTOIRE = Repertoire(
    {dialog.name: dialog for dialog in _ALL}, fallback="intake", survey="survey"
)
