"""One line of `jiesu doctor`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `fault`: the gateway cannot do its work like this."""

    about: str
    note: str
    fault: bool = False
    doubt: bool = False

    @property
    def line(self) -> str:
        """As it is told: ✓ well, ! worth a look, ✗ at fault."""
        mark = "✗" if self.fault else "!" if self.doubt else "✓"
        return f"{mark} {self.about}: {self.note}"
