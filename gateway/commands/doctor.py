"""`jiesu doctor`: whether this machine can serve, a line for each thing that it needs."""

import asyncio

import typer

from gateway.commands.one_off import database
from gateway.config import Settings, SettingsError
from gateway.embedded import Servers, join
from gateway.finding import Finding

app = typer.Typer()


@app.command("doctor")
def doctor_command() -> None:
    """Check settings and connections; ends with 1 when something would keep the gateway from its work."""
    try:
        settings = Settings.load(production=False)
        if settings.database_url:
            settings = Settings.load(production=True)
    except SettingsError as error:
        for problem in error.problems:
            _tell(Finding("settings", problem, fault=True))
        raise typer.Exit(1) from error
    _tell(Finding("settings", "can be read"))
    findings = _findings(settings)
    for finding in findings:
        _tell(finding)
    if any(finding.fault for finding in findings):
        raise typer.Exit(1)


def _findings(settings: Settings) -> list[Finding]:
    if settings.database_url and settings.redis_url:
        return asyncio.run(_examined(settings, Servers(settings.database_url, settings.redis_url)))
    with database():
        servers = join(settings.data_dir)
        if servers is None:
            return [Finding("servers", "the embedded servers do not answer", fault=True)]
        return asyncio.run(_examined(settings, servers))


async def _examined(settings: Settings, servers: Servers) -> list[Finding]:
    from gateway.doctor import examine  # noqa: PLC0415 - only what is called is loaded

    return [finding async for finding in examine(settings, servers)]


def _tell(finding: Finding) -> None:
    typer.echo(finding.line)
