"""Dispatch (派单): which unit answers for a ticket, by the responsibility catalogue (派单目录)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dialogs.understanding.elsewhere import Elsewhere
from dialogs.understanding.place import Place
from dialogs.words import Kind
from handlers.heirs import Handover, follow
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
    """Where a ticket goes; without a `lead` it waits in the centre's triage queue (待派单).

    `green`: the enterprise that may reconcile first where the resident agrees (绿色通道), before the lead is dispatched.
    """

    lead: UnitRef | None
    assist: tuple[UnitRef, ...]
    why: str  # a sentence for staff
    green: UnitRef | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What the catalogue says of one topic; departments and enterprises by their own codes."""

    topic: str
    name: str
    level: str  # street, department, both, enterprise
    department: str
    enterprises: tuple[str, ...]
    assists: tuple[str, ...] = ()  # departments
    dual: bool = False  # the first of those who may assist is dispatched too, whatever the level
    green: bool = False  # a consumer dispute
    statutory: timedelta | None = None  # a statute's own time to answer
    statutory_working: bool = False
    statute: str = ""

    @property
    def says(self) -> str:
        """How the reason for a decision begins."""
        return f"{self.topic} {self.name}"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Others answer for this topic at this place than the rule of its level says (特别管辖); units by their codes."""

    lead: str
    assists: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Responsibilities:
    """Decides from dicts alone; `units` holds, by code, those in force that may be given work.

    `jurisdictions` are by topic and place, each may be empty; a place is a code, or the name of one of `areas`. A rule
    may name units that have `ended`, by code: whoever has taken over goes on (`handovers`, in the order they began).
    """

    version: int
    topics: Mapping[str, Responsibility]
    units: Mapping[str, UnitRef]
    jurisdictions: Mapping[tuple[str, str], Jurisdiction] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    handovers: tuple[Handover, ...] = ()
    ended: Mapping[str, UnitRef] = field(default_factory=dict)

    def decide(self, topic: str, place: Place, enterprise: str) -> Decision:
        """Choose the lead (主办) and who assists (协办); `topic` and `enterprise` may be empty.

        A jurisdiction comes before the rule of the topic's level: by the narrowest place, there by its topic first.
        """
        known = self.topics.get(topic)
        decision = self._by_jurisdiction(topic, known, place) if self.jurisdictions else None
        if decision is None:
            decision = self._by_level(topic, known, place, enterprise)
        if known is not None and known.green and enterprise:
            decision = replace(decision, green=self._reconciling(known, enterprise, decision))
        return self._taken_over(decision, topic, place) if self.handovers else decision

    def _by_level(
        self, topic: str, known: Responsibility | None, place: Place, enterprise: str
    ) -> Decision:
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

    def concerned(self, topic: str, place: Place) -> tuple[UnitRef, ...]:
        """All whom the catalogue names for a topic at a place, in its order: who leads, who assists, and the further ones."""
        decision = self.decide(topic, place, "")
        known = self.topics.get(topic)
        named = (known.department, *known.assists) if known else ()
        further = (self._own(one, place) for one in named if one)
        heirs = (self._heir(one, self._path(one, topic, place)) for one in further if one)
        found = (decision.lead, *decision.assist, *heirs)
        return tuple(dict.fromkeys(unit for unit in found if unit is not None))

    def praised(self, topic: str, place: Place, enterprise: str) -> Decision:
        """Praise that no topic claims is for those on the spot, whose street is nearer than the government."""
        street = self.unit(place.street)
        if topic in self.topics or street is None:
            return self.decide(topic, place, enterprise)
        decision = Decision(street, (), self._why("表扬", f"转给{street.short_name}"))
        return self._taken_over(decision, topic, place)

    def accused(self, topic: str, place: Place, enterprise: str) -> Decision:
        """A tip-off about an enterprise goes to the department over it, never to the enterprise itself."""
        known, told_of = self.topics.get(topic), self.unit(ENTERPRISE_PREFIX + enterprise)
        decision = self.decide(topic, place, enterprise)
        if known is None or told_of is None or decision.lead != told_of:
            return decision
        if not (place.district or place.street):
            return self._triage(known.says, "举报不交被举报的企业，地点不明")
        above = self._to_department(known, place, "举报不交被举报的企业，")
        return self._taken_over(above, topic, place)

    def unit(self, code: str) -> UnitRef | None:
        """Whom a rule names, be it a unit that has ended."""
        return self.units.get(code) or self.ended.get(code)

    def on_the_spot(self, place: Place) -> UnitRef | None:
        """The street's office, or who has taken it over."""
        street = self.unit(place.street)
        return street and self._heir(street, self._path(street, "", place))

    def _taken_over(self, decision: Decision, topic: str, place: Place) -> Decision:
        """What rules send to a unit that has merged, split or closed goes to whoever has taken it over."""
        named = [unit for unit in (decision.lead, *decision.assist, decision.green) if unit]
        paths = {unit: self._path(unit, topic, place) for unit in named}
        if not any(paths.values()):
            return decision
        heirs = {unit: self._heir(unit, path) for unit, path in paths.items()}
        lead = heirs[decision.lead] if decision.lead else None
        assist = (heirs[unit] for unit in decision.assist)
        says = dict.fromkeys(step.says for path in paths.values() for step in path)
        return Decision(
            lead,
            tuple(dict.fromkeys(unit for unit in assist if unit != lead)),
            "；".join((decision.why, *says)),
            heirs[decision.green] if decision.green else None,
        )

    def _path(self, unit: UnitRef, topic: str, place: Place) -> tuple[Handover, ...]:
        where = frozenset(filter(None, (place.district, place.street, place.community)))
        return follow(self.handovers, unit.code, topic, where)

    def _heir(self, unit: UnitRef, path: Sequence[Handover]) -> UnitRef:
        return self.units.get(path[-1].successor, unit) if path else unit

    def insisted(self, elsewhere: Elsewhere) -> Decision:
        """Others answer for it, and the resident wants it taken down: a person decides (待派单)."""
        return self._triage(f"可能属于{ELSEWHERE_NAMES[elsewhere]}", "已告知市民，市民仍要反映")

    def _by_jurisdiction(
        self, topic: str, known: Responsibility | None, place: Place
    ) -> Decision | None:
        """What an enterprise is named for goes there, unless a row names the topic too."""
        enterprise = known is not None and known.level == "enterprise"
        topics = (topic,) if enterprise and topic else (topic, "") if topic else ("",)
        for where in self._places(place):
            for what in topics:
                found = self.jurisdictions.get((what, where)) if what or where else None
                lead = self.unit(found.lead) if found else None
                if found is not None and lead is not None:
                    says = known.says if known else "问题分类不明"
                    return self._special(says, found, lead)
        return None

    def _places(self, place: Place) -> Iterator[str]:
        """From the narrowest to the whole city."""
        yield from (area for area in self.areas if area in place.detail)
        yield from filter(None, (place.community, place.street, place.district))
        yield ""

    def _special(self, says: str, found: Jurisdiction, lead: UnitRef) -> Decision:
        assist = tuple(filter(None, map(self.unit, found.assists)))
        names = "、".join(unit.short_name for unit in assist)
        how = f"直派{lead.short_name}" if not assist else f"{lead.short_name}主办、{names}协办"
        source = f"（{found.source}）" if found.source else ""
        return Decision(lead, assist, self._why(says, f"按特别管辖{source}{how}"))

    def _reconciling(
        self, known: Responsibility, enterprise: str, decision: Decision
    ) -> UnitRef | None:
        if known.enterprises and enterprise not in known.enterprises:
            return None
        unit = self.unit(ENTERPRISE_PREFIX + enterprise)
        return unit if unit is not None and unit != decision.lead else None

    def _to_street(self, known: Responsibility, place: Place) -> Decision:
        street = self.unit(place.street)
        if street is None:
            return self._backstop(f"{known.says}，街道不明", place)
        return self._direct(known, place, street)

    def _to_both(self, known: Responsibility, place: Place) -> Decision:
        street, department = self.unit(place.street), self._department(known, place)
        if street is None:
            return self._to_department(known, place, "街道不明，")
        if department is None:
            return self._direct(known, place, street)
        return self._dual(known, street, department)

    def _to_department(self, known: Responsibility, place: Place, because: str = "") -> Decision:
        department = self._department(known, place)
        if department is None:
            return self._backstop(f"{known.says}，{because}无可派部门", place)
        return self._direct(known, place, department, because)

    def _to_enterprise(self, known: Responsibility, place: Place, enterprise: str) -> Decision:
        """Where several could be meant, the department over them finds out which."""
        named = enterprise if enterprise in known.enterprises else ""
        only = known.enterprises[0] if len(known.enterprises) == 1 else ""
        unit = self.unit(ENTERPRISE_PREFIX + (named or only))
        if unit is not None:
            return self._direct(known, place, unit)
        if not (place.district or place.street):
            return self._triage(known.says, "企业不明，地点不明")
        return self._to_department(known, place, "企业不明，")

    def _department(self, known: Responsibility, place: Place) -> UnitRef | None:
        return self._own(known.department, place)

    def _own(self, department: str, place: Place) -> UnitRef | None:
        """The district's own department comes before the city's."""
        own = self.unit(f"{place.district}-{department}")
        return own or self.unit(CITY_PREFIX + department)

    def _direct(
        self, known: Responsibility, place: Place, unit: UnitRef, because: str = ""
    ) -> Decision:
        """To one unit, with another where the row wants two (`dual`) whatever its level."""
        if known.dual:
            named = (
                (known.department, *known.assists) if known.level != "department" else known.assists
            )
            assisting = (self._own(one, place) for one in named if one)
            other = next((one for one in assisting if one is not None and one != unit), None)
            if other is not None:
                return self._dual(known, unit, other, because)
        return Decision(unit, (), self._why(known.says, f"{because}直派{unit.short_name}"))

    def _dual(
        self, known: Responsibility, lead: UnitRef, assist: UnitRef, because: str = ""
    ) -> Decision:
        how = f"{because}双派：{lead.short_name}主办、{assist.short_name}协办"
        return Decision(lead, (assist,), self._why(known.says, how))

    def _backstop(self, says: str, place: Place) -> Decision:
        """No match: the district's government answers (兜底)."""
        government = self.unit(place.district)
        if government is None:
            return self._triage(says, "地点不明")
        return Decision(government, (), self._why(says, f"由{government.short_name}兜底"))

    def _triage(self, says: str, because: str) -> Decision:
        return Decision(None, (), self._why(says, f"{because}，待人工派单"))

    def _why(self, says: str, how: str) -> str:
        return f"派单目录第{self.version}版：{says}，{how}"


def by_kind(
    rules: Responsibilities, kind: str | None, topic: str, place: Place, enterprise: str
) -> Decision:
    """Where something goes that is told in this way: a tip-off not to the enterprise that it is about."""
    decide = rules.accused if kind == Kind.TIP_OFF else rules.decide
    return decide(topic, place, enterprise)
