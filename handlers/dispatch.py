"""Dispatch (派单): which unit answers for a ticket, by the responsibility catalogue (派单目录)."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.understanding.elsewhere import Elsewhere
from dialogs.understanding.place import Place
from store.units import CITY_PREFIX, ENTERPRISE_PREFIX

# As staff read who answers for what the hotline does not.
ELSEWHERE_NAMES = {
    Elsewhere.COURT: "法院在办的案件",
    Elsewhere.PROSECUTION: "检察院在办的案件",
    Elsewhere.PETITION: "信访在办的事项",
    Elsewhere.ARBITRATION: "仲裁在办的案件",
    Elsewhere.NOTARY: "公证事项",
    Elsewhere.DISCIPLINE: "纪检监察受理的举报",
    Elsewhere.SECURITY: "国家安全线索",
    Elsewhere.MILITARY: "部队内部事务",
    Elsewhere.FRAUD: "电信网络诈骗报案",
}


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as far as dispatch, notices and lists need it."""

    id: int
    code: str
    name: str
    short_name: str  # at most 12 characters


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a ticket goes; without a `lead` it waits in the centre's triage queue (待派单)."""

    lead: UnitRef | None
    assist: tuple[UnitRef, ...]
    why: str  # a sentence for staff


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What the catalogue says of one topic; departments and enterprises by their own codes."""

    topic: str
    name: str
    level: str  # street, department, both, enterprise
    department: str
    enterprises: tuple[str, ...]

    @property
    def says(self) -> str:
        """How the reason for a decision begins."""
        return f"{self.topic} {self.name}"


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """Decides from dicts alone; `units` holds, by code, those in force that may be given work."""

    version: int
    topics: Mapping[str, Responsibility]
    units: Mapping[str, UnitRef]

    def decide(self, topic: str, place: Place, enterprise: str) -> Decision:
        """Choose the lead (主办) and who assists (协办); `topic` and `enterprise` may be empty."""
        known = self.topics.get(topic)
        if known is None:
            return self._backstop(f"“{topic}”不在目录中" if topic else "问题分类不明", place)
        if known.level == "enterprise":
            return self._to_enterprise(known, place, enterprise)
        if not (place.district or place.street):
            return self._triage(known.says, "地点不明")
        match known.level:
            case "street":
                return self._to_street(known, place)
            case "both":
                return self._to_both(known, place)
            case _:
                return self._to_department(known, place)

    def praised(self, topic: str, place: Place, enterprise: str) -> Decision:
        """Praise that no topic claims is for those on the spot, whose street is nearer than the government."""
        street = self.units.get(place.street)
        if topic in self.topics or street is None:
            return self.decide(topic, place, enterprise)
        return Decision(street, (), self._why("表扬", f"转给{street.short_name}"))

    def insisted(self, elsewhere: Elsewhere) -> Decision:
        """Others answer for it, and the resident wants it taken down: a person decides (待派单)."""
        return self._triage(f"可能属于{ELSEWHERE_NAMES[elsewhere]}", "已告知市民，市民仍要反映")

    def _to_street(self, known: Responsibility, place: Place) -> Decision:
        street = self.units.get(place.street)
        if street is None:
            return self._backstop(f"{known.says}，街道不明", place)
        return self._direct(known, street)

    def _to_both(self, known: Responsibility, place: Place) -> Decision:
        street, department = self.units.get(place.street), self._department(known, place)
        if street is None:
            return self._to_department(known, place, "街道不明，")
        if department is None:
            return self._direct(known, street)
        how = f"双派：{street.short_name}主办、{department.short_name}协办"
        return Decision(street, (department,), self._why(known.says, how))

    def _to_department(self, known: Responsibility, place: Place, because: str = "") -> Decision:
        department = self._department(known, place)
        if department is None:
            return self._backstop(f"{known.says}，{because}无可派部门", place)
        return self._direct(known, department, because)

    def _to_enterprise(self, known: Responsibility, place: Place, enterprise: str) -> Decision:
        """Where several could be meant, the department over them finds out which."""
        named = enterprise if enterprise in known.enterprises else ""
        only = known.enterprises[0] if len(known.enterprises) == 1 else ""
        unit = self.units.get(ENTERPRISE_PREFIX + (named or only))
        if unit is not None:
            return self._direct(known, unit)
        if not (place.district or place.street):
            return self._triage(known.says, "企业不明，地点不明")
        return self._to_department(known, place, "企业不明，")

    def _department(self, known: Responsibility, place: Place) -> UnitRef | None:
        """The district's own department comes before the city's."""
        own = self.units.get(f"{place.district}-{known.department}")
        return own or self.units.get(CITY_PREFIX + known.department)

    def _direct(self, known: Responsibility, unit: UnitRef, because: str = "") -> Decision:
        return Decision(unit, (), self._why(known.says, f"{because}直派{unit.short_name}"))

    def _backstop(self, says: str, place: Place) -> Decision:
        """No match: the district's government answers (兜底)."""
        government = self.units.get(place.district)
        if government is None:
            return self._triage(says, "地点不明")
        return Decision(government, (), self._why(says, f"由{government.short_name}兜底"))

    def _triage(self, says: str, because: str) -> Decision:
        return Decision(None, (), self._why(says, f"{because}，待人工派单"))

    def _why(self, says: str, how: str) -> str:
        return f"派单目录第{self.version}版：{says}，{how}"
