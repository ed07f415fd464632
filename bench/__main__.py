"""`make bench`: every benchmark of the project, one after another; ratios against a baseline of the same run."""

import sys

from bench.turns import main as turns


def main() -> None:
    """Run all of them, or those named."""
    wanted = sys.argv[1:] or ["turns"]
    for name in wanted:
        {"turns": turns}[name]()


if __name__ == "__main__":
    main()
