"""Runs what a form asks for: in one transaction, again when the database says so, and lets its notices go out."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from gateway import live
from gateway.keys import KICK, POOL, REDIS
from gateway.turns import AGAIN, AWAY
from handlers.case import RepeatedActError
from store import tickets
from store.database import Connection

T = TypeVar("T")

TRIES = 4


async def run(request: web.Request, act: Callable[[Connection], Awaitable[T]]) -> T | str:
    """What `act` returns, or the first result of the form when it has had its effect before.

    A connection that is lost at the commit is resolved by the form's own key: a second run finds it claimed.
    Raises `ActError`, and what says that the database is away.
    """
    left = TRIES
    while True:
        left -= 1
        try:
            async with request.app[POOL].acquire() as connection, connection.transaction():
                return await act(connection)
        except RepeatedActError as repeated:
            return repeated.result
        except (*AGAIN, *AWAY):
            if not left:
                raise


async def let_out(request: web.Request, ticket_id: int | None) -> None:
    """After the commit: timers and outbox are looked at now, and an open chat reads again."""
    request.app[KICK]()
    if ticket_id is None:
        return
    async with request.app[POOL].acquire() as connection:
        found = await tickets.conversations_of(connection, [ticket_id])
    conversation_id = found.get(ticket_id)
    if conversation_id is not None:
        await live.publish(request.app[REDIS], [conversation_id])
