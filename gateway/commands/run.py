"""`jiesu serve`, `worker`, `clock` and `dev`: the processes of a deployment, and all of them in one."""

from collections.abc import Coroutine
from typing import Annotated

import asyncpg
import typer

from gateway.commands.one_off import refuse
from gateway.config import Settings
from store.database import StoreError

app = typer.Typer()

SharePort = Annotated[
    bool,
    typer.Option(
        "--share-port",
        help="Let several of these processes on one machine serve the same port, one a core.",
    ),
]


def _production() -> Settings:
    from gateway import logs  # noqa: PLC0415 - only what is called is loaded

    settings = Settings.load(production=True)
    logs.configure(settings.log_level)
    return settings


def _run(work: Coroutine[None, None, None]) -> None:
    import uvloop  # noqa: PLC0415 - only what is called is loaded

    from gateway.bootstrap import NotReadyError  # noqa: PLC0415 - only what is called is loaded

    try:
        uvloop.run(work)
    except (NotReadyError, StoreError) as error:
        refuse(str(error))
    except (OSError, asyncpg.PostgresError) as error:
        refuse(f"cannot start: {error}")


@app.command("serve")
def serve_command(*, share_port: SharePort = False) -> None:
    """Run the web process: webhooks, resident's page, console."""
    from gateway.serve import serve  # noqa: PLC0415 - only what is called is loaded

    _run(serve(_production(), share_port=share_port))


@app.command("clock")
def clock_command() -> None:
    """Run the clock: periodic jobs, and what is late when nobody else does it."""
    from gateway import clockwork  # noqa: PLC0415 - only what is called is loaded

    _run(clockwork.run(_production()))


@app.command("worker")
def worker_command() -> None:
    """Run a worker: sends messages and runs timers."""
    from gateway import worker  # noqa: PLC0415 - only what is called is loaded

    worker.run(_production())


@app.command("dev")
def dev_command() -> None:
    """Run everything on embedded servers, with demo staff and simulators; no account is needed."""
    from gateway import dev  # noqa: PLC0415 - only what is called is loaded
    from gateway.bootstrap import NotReadyError  # noqa: PLC0415 - only what is called is loaded

    try:
        dev.run(Settings.load(production=False))
    except (NotReadyError, StoreError) as error:
        refuse(str(error))
