"""What goes wrong at the stand-in, so that tests and the curious can see the gateway cope."""

import msgspec


class Faults(msgspec.Struct, forbid_unknown_fields=True):
    """Which faults strike; counts run down, `every` strikes each n-th time and 0 never.

    `drop_next` closes the connection before a message or a call is taken, `lose_next` after it; `throttle_next` answers 429 with
    `retry_after_seconds`, `break_next` 500. A repeated webhook is posted twice, its first answer being lost; a delayed
    one arrives after those behind it; a shuffled status report tells the end before the middle.
    """

    drop_next: int = 0
    lose_next: int = 0
    throttle_next: int = 0
    break_next: int = 0
    retry_after_seconds: int = 1
    slow_seconds: float = 0.0
    repeat_every: int = 0
    delay_every: int = 0
    delay_seconds: float = 0.05
    shuffle_every: int = 0
    unreachable: list[str] = msgspec.field(default_factory=list)
    window_closed: list[str] = msgspec.field(
        default_factory=list
    )  # as if these had not written for a day

    def spend(self, fault: str) -> bool:
        """Whether one of the counted faults strikes now."""
        left: int = getattr(self, fault)
        if left > 0:
            setattr(self, fault, left - 1)
        return left > 0


def strikes(every: int, count: int) -> bool:
    """Whether the `count`-th time is one of each `every`."""
    return every > 0 and count % every == 0
