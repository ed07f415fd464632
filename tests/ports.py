"""Ports for servers whose address has to be known before they listen."""

import secrets
import socket
from contextlib import suppress

# Below the ports that the system gives to connections by itself: none of those takes one before its server listens.
FIRST, MOST = 20_000, 12_000


def free_port() -> int:
    """One that nobody listens on just now."""
    while True:
        port = FIRST + secrets.randbelow(MOST)
        with suppress(OSError), socket.socket() as free:
            free.bind(("127.0.0.1", port))
            return port
