"""`make bench`: every benchmark of the project, one after another; ratios against a baseline of the same run."""

import sys

from bench import dispatch, lists, outbox, timers, turns
from bench.understanding import main as understanding


def main() -> None:
    """Run all of them, or those named."""
    benchmarks = {
        "turns": turns.main,
        "voice": turns.voice,
        "telegram": turns.telegram,
        "outbox": outbox.main,
        "dispatch": dispatch.main,
        "timers": timers.main,
        "lists": lists.main,
        "understanding": understanding,
    }
    for name in sys.argv[1:] or benchmarks:
        benchmarks[name]()


if __name__ == "__main__":
    main()
