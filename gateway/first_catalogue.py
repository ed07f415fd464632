"""The shipped catalogue for embedded servers that have none yet: nobody has to load it by hand to try things out."""

from datetime import date, datetime

from store.catalogue.checks import read_folder
from store.catalogue.files import SHIPPED
from store.catalogue.load import Loading, load
from store.catalogue.read import current_version
from store.database import Connection

NOTE = "软件自带的目录"  # what staff read beside the version


async def ensure_catalogue(connection: Connection, today: date, now: datetime) -> None:
    """Load it unless one is in force."""
    if await current_version(connection, today) is None:
        how = Loading(today=today)
        await load(connection, read_folder(SHIPPED), today, now, NOTE, how=how)
