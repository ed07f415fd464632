"""`jiesu chat`: talk to the city in a terminal, as a resident does by web, SMS, WhatsApp, Telegram or phone."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from gateway.commands.one_off import refuse
from gateway.config import Settings, inherited_environment

if TYPE_CHECKING:
    from gateway.chatting import Heard, Phone
    from gateway.recording import Recorder

app = typer.Typer()

MOBILE = "+8613800138001"
START_SECONDS = 60
TRY_SECONDS = 0.5
HINTS = {
    "voice": "直接打字是说话，#1 是按键，空行是不出声，“挂断”挂机",
    "sms": "打字发短信；空行等新短信",
}
HANG_UP = "hang up"
HANG_UPS = (HANG_UP, "挂断")
OTHERS = "打字发消息，[1] 或 1 按按钮；空行等新消息"

Ask = Callable[[], Awaitable[str | None]]
Kind = Literal["web", "sms", "whatsapp", "telegram", "voice"]
As = Annotated[Kind, typer.Option("--as", help="The channel that is talked over.")]
Number = Annotated[str, typer.Option("--number", help="Whose phone it is.")]
Url = Annotated[str, typer.Option("--url", help="A running `jiesu dev`; without it the settings'.")]
Record = Annotated[
    Path | None, typer.Option("--record", help="Keep the talk as a transcript that tests play.")
]


@app.command("chat")
def chat_command(
    kind: As = "web", number: Number = MOBILE, url: Url = "", record: Record = None
) -> None:
    """Talk as a resident, a line at a time, to a running `jiesu dev`, or to one that is started for it.

    It goes through the simulated phones, and so through the real adapters. With --record the talk becomes a transcript
    that `tests/transcript.py` (calls: `tests/caller.py`) plays.
    """
    from aiohttp import ClientError  # noqa: PLC0415 - only what is called is loaded

    address = url or Settings.load(production=False).public_url
    try:
        with _gateway(address, may_start=not url):
            asyncio.run(chat(kind, address, number, record, _typed))
    except (ClientError, TimeoutError) as error:
        refuse(f"the gateway did not take it: {error}")


async def chat(kind: str, url: str, number: str, kept: Path | None, ask: Ask) -> None:
    """Talk until there is nothing more to say; what was said is kept however it ends."""
    from aiohttp import ClientSession, CookieJar  # noqa: PLC0415 - only what is called is loaded

    from gateway.chatting import Site, phone  # noqa: PLC0415 - only what is called is loaded
    from gateway.recording import Recorder  # noqa: PLC0415 - only what is called is loaded

    recorder = Recorder(kind)
    typer.echo(f"（{HINTS.get(kind, OTHERS)}；Ctrl-D 结束）")
    async with ClientSession(raise_for_status=True, cookie_jar=CookieJar(unsafe=True)) as http:
        talking = phone(kind, Site(http, url), number)
        try:
            await _talk(talking, recorder, ask, hangs_up=kind == "voice")
        finally:
            if kept is not None:
                await asyncio.to_thread(kept.write_text, recorder.text, "utf-8")


async def _talk(talking: "Phone", recorder: "Recorder", ask: Ask, *, hangs_up: bool) -> None:
    """One line after another, until there are no more or a call is over."""
    heard = await talking.begin()
    recorder.began(heard)
    choices = _show(heard)
    while not _is_over(heard) and (line := await ask()) is not None:
        which = _picked(line, choices)
        if which is None:
            heard = await talking.write(line)
            done = HANG_UP if hangs_up and line in HANG_UPS else line
        else:
            one, choice, label = which
            heard, done = await talking.press(one, choice, label), f"[{label}]"
        recorder.did(done, heard)
        choices = _show(heard) or (choices if not heard else [])


def _is_over(heard: "Sequence[Heard]") -> bool:
    return bool(heard) and heard[-1].over


def _show(heard: "Sequence[Heard]") -> "list[tuple[Heard, str, str]]":
    """Print what was said; returns what can be pressed now, by its number."""
    choices: list[tuple[Heard, str, str]] = []
    for one in heard:
        typer.echo("◀ " + one.text.replace("\n", "\n  "))
        choices = [(one, choice, label) for label, choice in one.choices] or choices
    for number, (_, _, label) in enumerate(choices, 1):
        typer.echo(f"  [{number}] {label}")
    return choices


def _picked(line: str, choices: "list[tuple[Heard, str, str]]") -> "tuple[Heard, str, str] | None":
    number = line.strip().removeprefix("[").removesuffix("]")
    if number.isascii() and number.isdecimal() and 1 <= int(number) <= len(choices):
        return choices[int(number) - 1]
    return None


async def _typed() -> str | None:
    """The next line; None at the end of the input."""
    line = await asyncio.to_thread(sys.stdin.readline)
    return line.strip() if line else None


@contextmanager
def _gateway(url: str, *, may_start: bool) -> Iterator[None]:
    """One that serves already, or one that goes when we go."""
    if asyncio.run(_serves(url)):
        yield
        return
    if not may_start:
        refuse(f"no `jiesu dev` serves {url}")
    from gateway.child import follow_parent  # noqa: PLC0415 - only what is called is loaded

    typer.echo("（正在启动……）")
    child = subprocess.Popen(
        [sys.executable, "-m", "gateway", "dev"],
        env=inherited_environment(),
        stdout=subprocess.DEVNULL,
        preexec_fn=follow_parent(signal.SIGTERM),  # noqa: PLW1509 - one thread so far
        start_new_session=True,
    )
    try:
        if not asyncio.run(_comes(url, child)):
            refuse("`jiesu dev` does not start")
        yield
    finally:
        child.terminate()
        child.wait(20)


async def _comes(url: str, child: "subprocess.Popen[bytes]") -> bool:
    for _ in range(round(START_SECONDS / TRY_SECONDS)):
        if child.poll() is not None:
            return False
        if await _serves(url):
            return True
        await asyncio.sleep(TRY_SECONDS)
    return False


async def _serves(url: str) -> bool:
    """Whether a gateway with simulated phones is there."""
    from aiohttp import ClientError, ClientSession  # noqa: PLC0415 - only what is called is loaded

    try:
        async with ClientSession() as http, http.get(f"{url}/simulator") as response:
            return response.ok
    except (ClientError, TimeoutError):
        return False
