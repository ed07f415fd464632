"""`jiesu telegram`: tell Telegram where the bot's updates go, and see how it stands there."""

import asyncio

import typer

from gateway.commands.one_off import refuse
from gateway.config import Settings

app = typer.Typer(help="Telegram: register the bot, and see how it stands.", no_args_is_help=True)


@app.command("register")
def register_command() -> None:
    """Set webhook, secret, commands and description; do it again after PUBLIC_URL or the secret have changed."""
    from gateway.telegram_setup import (  # noqa: PLC0415 - only what is called is loaded
        TelegramSetupError,
        register,
        webhook_url,
    )

    settings = Settings.load(production=False)
    try:
        username = asyncio.run(register(settings))
    except TelegramSetupError as error:
        refuse(str(error))
    typer.echo(f"@{username}: updates go to {webhook_url(settings)}.")


@app.command("info")
def info_command() -> None:
    """Show webhook, waiting updates and the last error; ends with 1 when residents are not heard."""
    from gateway.telegram_setup import (  # noqa: PLC0415 - only what is called is loaded
        TelegramSetupError,
        inspect,
    )

    settings = Settings.load(production=False)
    try:
        bot = asyncio.run(inspect(settings))
    except TelegramSetupError as error:
        refuse(str(error))
    typer.echo(f"bot       @{bot.username}")
    typer.echo(f"webhook   {bot.url or 'none'}")
    typer.echo(f"waiting   {bot.pending}")
    typer.echo(f"error     {bot.error or 'none'}")
    typer.echo(f"commands  {' '.join(bot.commands) or 'none'}")
    faults = bot.faults(settings)
    for fault in faults:
        typer.echo(f"✗ {fault}: run `jiesu telegram register`", err=True)
    if faults:
        raise typer.Exit(1)
