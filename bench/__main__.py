"""`make bench`: every benchmark of the project, one after another; ratios against a baseline of the same run."""

import sys

from bench import turns


def main() -> None:
    """Run all of them, or those named."""
    wanted = sys.argv[1:] or ["turns"]
    for name in wanted:
        {"turns": turns.main}[name]()


if __name__ == "__main__":
    main()
