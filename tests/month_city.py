"""Who lives and works in the scripted month: matters of real communities, and staff in every unit that gets them."""

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.words import Role
from store.database import Pool
from store.staff import NewStaff, add_staff
from store.units import unit_ids
from tests.conftest import empty
from tests.office import Office, open_office
from tests.walker import PHOTO

# What streets answer for alone, of grade III: seven days. One for what happens seldom, so that no two share a place.
OF_FEW = ("垃圾没人清运",)
OF_STREETS = (
    "公厕很脏",
    "路边占道经营",
    "楼道堆物",
    "油烟扰民",
    "小区没车位",
    "健身器材坏了",
    "到处是小广告",
    "门前三包没人管",
    "物业不管事",
    "社区开证明难",
)
OF_UNITS = ("装修扰民",)
ENTERPRISE = "ent-cmcc"
# Streets that end half-way, one merged and one closed, with who goes on; and one that gives a topic away.
HEIRS = {"110106001": "110106002", "110106003": "110106004"}
SPLIT, SPLIT_TO, SPLIT_TOPIC = "110105001", "110105003", "T033"
SPLIT_MATTER = ("路边占道经营",)
SUCCESSORS = HEIRS | {SPLIT: SPLIT_TO}  # who has what comes to them later
RELIEF_LEAD, CITY_DEPARTMENT = "110108-cgw", "city-cgw"
DISTRICTS = ("110108", "110105", "110102", "110106")
R = Role


@dataclass
class Matter:
    """One ticket of the script; `lead`, `state` and what follows are as the script expects them to be.

    `opened_at` None: opened otherwise than in a talk; `moved`: its limit is another than it began with.
    """

    number: int
    place: str
    what: str
    street: str
    channel: str = "sms"
    id: int = 0
    lead: str = ""
    state: str = "none"
    round: int = 1
    result: str = ""
    assists: tuple[str, ...] = ()
    grade: str = "III"
    hours: float | None = None  # to answer, where a statute gives another time than the grade
    opened_at: datetime | None = None
    moved: bool = False
    event: str = ""  # the declared event that it belongs to

    @property
    def text(self) -> str:
        """What the resident writes."""
        return self.place + self.what

    @property
    def address(self) -> str:
        """Where the resident writes from."""
        addresses = {
            "sms": f"+86139{self.number:08d}",
            "voice": f"+861068{self.number:06d}",
            "telegram": f"{700_000_000 + self.number}",
        }
        return addresses.get(self.channel, f"browser-of-resident-{self.number}")

    @property
    def by_number(self) -> bool:
        """Whether the resident came by a phone number."""
        return self.channel in ("sms", "voice")

    @property
    def above(self) -> str:
        """The login of the district government over it."""
        return f"{self.street[:6]} above"

    @property
    def chief(self) -> str:
        """The login of the lead's head, "" where its work needs no review."""
        return f"{self.lead} chief" if has_chief(self.lead) else ""


def has_chief(code: str) -> bool:
    """Every other street has somebody who reviews what its people say is done."""
    return code.isdigit() and int(code[-1]) % 2 == 0


async def staffed_office(pool: Pool) -> Office:
    """An office with a worker in each street of some districts, in a city without a past."""
    async with pool.acquire() as connection:
        await empty(connection)
    office = await open_office(pool)
    streets = [one.code for one in office.world.city.catalogue.streets]
    logins: dict[str, tuple[tuple[Role, ...], str]] = {}
    for code in (one for one in streets if one[:6] in DISTRICTS):
        logins[code] = ((R.DESK, R.HANDLER), code)
        if has_chief(code):
            logins[f"{code} chief"] = ((R.HEAD, R.REVIEWER), code)
    for code in DISTRICTS:
        above = (R.HEAD, R.DISTRICT_ADMIN, R.SUPERVISOR, R.COORDINATOR, R.DESK)
        logins[f"{code} above"] = (above, code)
        for department in ("cgw", "scjg"):
            logins[f"{code}-{department}"] = ((R.DESK, R.HANDLER), f"{code}-{department}")
    logins["admin2"] = ((R.ADMIN,), "")
    logins["leader"] = ((R.HEAD, R.LISTENER), DISTRICTS[0])
    logins[CITY_DEPARTMENT] = ((R.DESK, R.HEAD), CITY_DEPARTMENT)
    logins[ENTERPRISE] = ((R.DESK, R.HANDLER), ENTERPRISE)
    async with office.pool.acquire() as connection:
        office.units.update(
            await unit_ids(connection, {unit for _, unit in logins.values() if unit})
        )
        new = [
            NewStaff(login, login, "", roles, office.units.get(unit))
            for login, (roles, unit) in logins.items()
        ]
        await add_staff(connection, new, office.at)
        await connection.execute(
            "insert into media (id, sha256, content_type, size, created_at) values ('photo', '', 'image/png', $1, $2)",
            len(PHOTO),
            office.at,
        )
        rows = await connection.fetch("select login, id from staff")
    office.hired.update(logins)
    office.staff_ids.update({row["login"]: row["id"] for row in rows})
    return office


def matters(
    office: Office,
    dice: random.Random,
    whats: Sequence[str],
    first: int,
    streets: Collection[str] | None = None,
) -> Iterator[Matter]:
    """Matters that nobody nearby has told before: a topic comes up once in a community.

    `first` numbers their residents; without `streets`: of all that stay as they are.
    """
    places = [
        one
        for one in _places(office)
        if (one[0] in streets if streets is not None else one[0] not in SUCCESSORS)
    ]
    pairs = [(place, what) for what in whats for place in places]
    dice.shuffle(pairs)
    for number, ((street, name), what) in enumerate(pairs, first):
        if office.world.city.reader.understand(name + what).place.place.community:
            yield Matter(number, name, what, street)


def _places(office: Office) -> Sequence[tuple[str, str]]:
    """Communities as a resident would name them: (street, district, street and community)."""
    catalogue = office.world.city.catalogue
    districts = {one.code: one.name for one in catalogue.districts}
    streets = {one.code: one for one in catalogue.streets if one.district_code in DISTRICTS}
    of = (
        (streets[one.street_code], one)
        for one in catalogue.communities
        if one.street_code in streets
    )
    return [
        (street.code, f"{districts[street.district_code]}{street.name}{one.name}")
        for street, one in of
    ]
