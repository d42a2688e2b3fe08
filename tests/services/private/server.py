"""A server of a test's own, which the test may stop, kill and freeze."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self
from urllib.parse import quote

from tests.services.private import leash, processes
from tests.services.private.ports import free_port
from tests.services.standing import unavailable

PASSWORD = "w1t-k1t-s3cret"
"""The right password of private servers that want one, unless a test gives another."""


class PrivateServer(ABC):
    """One server on a port of 127.0.0.1, with its data in a folder of its own; `with` starts and removes it.

    A server that was stopped or killed starts again with the same port and the same data. It does not outlive the
    tests, even if they are killed.
    """

    program: ClassVar[str]
    folders: ClassVar[str | None] = None
    """A pattern of folders below `/` with its programs, which need not be on the path."""
    scheme: ClassVar[str]
    user: str | None = None
    password: str | None = None
    path: str = ""
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    patience: ClassVar[float] = 60.0
    """Seconds that it has to start or to stop."""
    account: ClassVar[str | None] = None
    """Whose process it is if root runs the tests, for a server that does not run as root."""

    def __init__(self) -> None:
        self._executable = self.find(self.program)
        self.folder = Path(tempfile.mkdtemp(prefix="witkit-"))
        self.data = self.folder / "data"
        """The data; set it before the first `start` if they belong on another disk."""
        self.port = free_port()
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self.own(self.folder)

    @property
    def url(self) -> str:
        """The URL with the right user and password."""
        return self.url_as(self.user, self.password)

    def url_as(self, user: str | None, password: str | None) -> str:
        """The URL with these credentials, right or wrong."""
        secret = "" if password is None else f":{quote(password, safe='')}"
        credentials = f"{user or ''}{secret}@" if user or secret else ""
        return f"{self.scheme}://{credentials}127.0.0.1:{self.port}{self.path}"

    @abstractmethod
    def command(self) -> list[str]:
        """What follows the program's name."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it is ready to work. Errors of the operating system mean that it is not."""

    def prepare(self) -> None:
        """Make the data before the first start."""
        self.data.mkdir(exist_ok=True)

    def complete(self) -> None:  # noqa: B027
        """Do what is left after the first start, when the server answers."""

    def start(self) -> None:
        """Start it and wait until it is ready to work.

        Raises:
            RuntimeError: it has ended instead, or is not ready in time. The message contains its last lines.
        """
        first = self._process is None
        if first:
            self.prepare()
        with (self.folder / "log").open("ab") as log:
            self._process = self.run(self._executable, *self.command(), output=log.fileno())
        leash.hold(self._process.pid, self.folder)
        end = time.monotonic() + self.patience
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.program} did not start:\n{self.log()[-2000:]}")
            time.sleep(0.02)
        if first:
            self.complete()

    def stop(self) -> None:
        """End it in order."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End it at once, as if the machine lost its power: it writes nothing any more."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it do nothing: its system accepts connections and takes what arrives, but nobody answers."""
        processes.send(self.running.pid, signal.SIGSTOP)
        while not processes.are_stopped(self.running.pid):
            time.sleep(0.001)

    def thaw(self) -> None:
        """Let it go on after `freeze`."""
        processes.send(self.running.pid, signal.SIGCONT)

    @property
    def running(self) -> subprocess.Popen[bytes]:
        """Its process."""
        assert self._process is not None, f"{self.program} was not started"
        assert self._process.poll() is None, f"{self.program} has ended"
        return self._process

    def log(self) -> str:
        """All that it has written to its output."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def own(self, folder: Path) -> None:
        """Give a folder to the account that the server runs under."""
        if self.account is not None and os.geteuid() == 0:
            shutil.chown(folder, self.account, self.account)

    def find(self, program: str) -> str:
        """The path of one of its programs; the test that asks is skipped, or fails, if it is not installed."""
        beside = sorted(map(str, Path("/").glob(self.folders)), reverse=True) if self.folders else []
        searched = [*beside, os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"]
        return shutil.which(program, path=os.pathsep.join(searched)) or unavailable(f"needs the program {program}")

    def run(self, *command: str, output: int) -> subprocess.Popen[bytes]:
        """Start a program under the account of the server."""
        account = self.account if os.geteuid() == 0 else None
        groups: list[str | int] | None = None if account is None else []
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            # MariaDB deletes temporary files of others in a folder that it shares with them.
            env={**os.environ, "TMPDIR": str(self.folder), **self.environment},
            user=account,
            group=account,
            extra_groups=groups,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.remove()

    def remove(self) -> None:
        """Kill it if it runs, and delete its data."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_ready(self) -> bool:
        try:
            return self.answers()
        except OSError:
            return False

    def _end(self, number: signal.Signals) -> None:
        process = self.running
        if number == signal.SIGKILL:
            processes.send(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(self.patience)
        leash.release(process.pid, self.folder)
