"""`make docs`: write into the pages what they have from the code and from a real run; `pictures` takes those too."""

import asyncio
import sys

from docs.loop import play_loop, without_moments
from docs.made import PROJECT, TABLES, filled, pages
from docs.pictures import take_pictures
from docs.town import running_town


def _loop() -> str:
    with running_town() as url:
        return asyncio.run(play_loop(url)).markdown()


def main() -> None:
    """Write the pages, unless only the moments of the run are others; with the word `pictures`, take pictures instead."""
    if sys.argv[1:] == ["pictures"]:
        with running_town() as url:
            asyncio.run(take_pictures(url, PROJECT / "docs" / "images"))
        return
    for page in pages():
        before = page.read_text("utf-8")
        after = filled(before, {**TABLES, "loop": _loop})
        if without_moments(after) != without_moments(before):
            page.write_text(after, "utf-8")


if __name__ == "__main__":
    main()
