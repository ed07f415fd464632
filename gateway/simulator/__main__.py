"""`python -m gateway.simulator --port 9100 --public-url http://127.0.0.1:8080`: the stand-in as a process."""

import asyncio
from typing import Annotated

import typer

from gateway.simulator.server import serving
from gateway.simulator.standin import DemoAccount, TwilioStandIn

DEMO = DemoAccount()


def main(
    public_url: Annotated[str, typer.Option(help="Where the gateway takes webhooks.")],
    port: Annotated[int, typer.Option(help="Port to serve on; 0: any.")] = 9100,
    account_sid: str = DEMO.sid,
    auth_token: str = DEMO.auth_token,
    phone_number: str = DEMO.phone_number,
    webhook_attempts: Annotated[int, typer.Option(help="Tries for each webhook.")] = 1,
) -> None:
    """Stand in for Twilio, and serve phones at /simulator."""
    standin = TwilioStandIn(
        sid=account_sid,
        auth_token=auth_token,
        phone_number=phone_number,
        public_url=public_url,
        webhook_attempts=webhook_attempts,
    )
    asyncio.run(_serve(standin, port))


async def _serve(standin: TwilioStandIn, port: int) -> None:
    async with serving(standin, port=port) as api_url:
        typer.echo(f"TWILIO_API_URL={api_url}")
        await asyncio.Event().wait()


if __name__ == "__main__":
    typer.run(main)
