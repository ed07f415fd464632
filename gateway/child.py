"""A server process that goes when this one goes, under an account that servers accept."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from gateway.clock import monotonic

NOBODY = 65534
SOCKET_PATH_BYTES = 100  # the kernel holds 107; PostgreSQL writes a lock file beside its socket
POLL_SECONDS = 0.005
STOP_SECONDS = 20.0
LOG_BYTES_KEPT = 4_000_000
# Nothing of the caller's locale, PG* or proxy variables may change what a server does.
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
PR_SET_PDEATHSIG = 1


class ServerError(Exception):
    """An embedded server could not be started; the message ends with what it said."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom servers run as: PostgreSQL refuses root, so root lends them another account."""

    uid: int | None = None
    prefix: tuple[str, ...] = ()

    def own(self, folder: Path) -> None:
        """Make `folder` and all in it belong to this account; done only where it does not yet."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() != 0 or folder.stat().st_uid == (self.uid or 0):
            return
        for inside in folder.rglob("*"):
            os.chown(inside, self.uid or 0, self.uid or 0, follow_symlinks=False)
        # Last, so that a change that was cut short is begun again the next time.
        os.chown(folder, self.uid or 0, self.uid or 0)

    def run(self, command: Sequence[str], given: str = "") -> None:
        """Run a command to its end.

        Raises:
            ServerError: it failed.
        """
        done = subprocess.run(
            [*self.prefix, *command],
            input=given,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            cwd="/",
            check=False,
            user=self.uid,
            group=self.uid,
            extra_groups=self._other_groups(),
        )
        if done.returncode != 0:
            raise ServerError(f"{Path(command[0]).name} failed: {done.stdout.strip()}")

    def spawn(self, command: Sequence[str], log: Path, at_death: int) -> "subprocess.Popen[bytes]":
        """Start a process in a session of its own, so that Ctrl-C at the terminal spares it."""
        with log.open("ab") as output:
            return subprocess.Popen(
                [*self.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
                # Only between fork and exec can a child ask to follow its parent's death.
                preexec_fn=follow_parent(at_death),  # noqa: PLW1509
                user=self.uid,
                group=self.uid,
                extra_groups=self._other_groups(),
            )

    def _other_groups(self) -> list[int] | None:
        return None if self.uid is None else []


def account_for(paths: Iterable[Path]) -> Account:
    """The account that can reach all of `paths`: our own, or for root one that is not root.

    Where a folder above is closed to others (root's home, say), root instead enters a user
    namespace in which it carries an ordinary number.
    """
    if os.geteuid() != 0:
        return Account()
    above = {parent for path in paths for parent in path.resolve().parents}
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in above):
        return Account(uid=NOBODY)
    return Account(prefix=("unshare", "--user", "--map-user=1000", "--map-group=1000", "--"))


@dataclass(slots=True)
class Child:
    """One server over one folder, named by its pid file: at most one process at a time."""

    command: Sequence[str]
    folder: Path
    pid_file: Path
    log: Path
    stop_signal: int
    account: Account
    process: "subprocess.Popen[bytes] | None" = None

    def launch(self) -> None:
        """Start the process, after ending one that a killed parent may have left behind."""
        self._clear_the_way()
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_KEPT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.process = self.account.spawn(self.command, self.log, self.stop_signal)

    def await_ready(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until `ready`.

        Raises:
            ServerError: the process ended, or took longer.
        """
        if not _within(seconds, lambda: not self.alive or ready()) or not self.alive:
            raise ServerError(f"{self.name} did not start: {self.last_words()}")

    @property
    def name(self) -> str:
        """The program's own name."""
        return Path(self.command[0]).name

    @property
    def alive(self) -> bool:
        """Whether the process that we started still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """End the process cleanly; by force when it takes too long. Harmless when it is gone."""
        if self.process is None:
            return
        self._end(self.process.pid, lambda: not self.alive)
        self.process.wait()
        self.process = None

    def kill(self) -> None:
        """End the process as a crash does: at once, nothing tidied."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def last_words(self) -> str:
        """The end of the log, for messages about failure."""
        return self.log.read_text(errors="replace")[-2000:].strip() if self.log.exists() else ""

    def _clear_the_way(self) -> None:
        pid = _first_number(self.pid_file)
        if pid is None:
            return
        if str(self.folder) in _command_line(pid):
            self._end(pid, lambda: str(self.folder) not in _command_line(pid))
        # Its number may belong to another program by now, which PostgreSQL would respect for ever.
        self.pid_file.unlink(missing_ok=True)

    def _end(self, pid: int, gone: Callable[[], bool]) -> None:
        for how in (self.stop_signal, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if _within(STOP_SECONDS, gone):
                return


def answers(path: Path, ask: bytes = b"") -> bool:
    """Whether a server listens on this socket and, when asked something, does not put us off."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1.0)
        try:
            line.connect(str(path))
            line.sendall(ask)
            return not ask or line.recv(64).startswith(b"+")
        except OSError:
            return False


def socket_folder(owner: object, folder: Path) -> Path:
    """`folder` itself, or one with a short name, removed with `owner`, where its path is too long."""
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) < SOCKET_PATH_BYTES:
        return folder
    short = Path(tempfile.mkdtemp(prefix="jiesu-"))
    weakref.finalize(owner, shutil.rmtree, short, ignore_errors=True)
    return short


def wheel_folder(name: str) -> Path:
    """Where a wheel put its files, without importing it."""
    found = find_spec(name)
    if found is None or found.origin is None:
        raise ServerError(f"no embedded servers here: the package {name} is not installed")
    return Path(found.origin).parent


def _within(seconds: float, reached: Callable[[], bool]) -> bool:
    deadline = monotonic() + seconds
    while not reached():
        if monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _command_line(pid: int) -> str:
    """What a process was started with; empty when there is none (a zombie counts as none)."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607 - where there is no /proc
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout


def follow_parent(at_death: int) -> Callable[[], None] | None:
    """What makes a child get signal `at_death` when the thread that started it ends; Linux only."""
    if sys.platform != "linux":
        return None
    return partial(_ask_kernel, ctypes.CDLL(None).prctl, at_death, os.getpid())


def _ask_kernel(prctl: Callable[[int, int], int], at_death: int, parent: int) -> None:
    prctl(PR_SET_PDEATHSIG, at_death)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)
