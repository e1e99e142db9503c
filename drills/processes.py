"""Programs that a drill starts: found, started as whom they may run, and stopped."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
_PATH = os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/lib/postgresql/15/bin"])


class DrillError(Exception):
    """The drill itself could not go on, which tells nothing of the service."""


def program(name: str) -> str:
    """Return the path of a program; raise a DrillError where it is not installed."""
    found = shutil.which(name, path=_PATH)
    if found is None:
        raise DrillError(f"{name} is not there: apt-get install postgresql pgbouncer nginx-light")
    return found


def unprivileged() -> str | None:
    """Return the user that databases run as: they refuse to run as root."""
    return "postgres" if os.geteuid() == 0 else None


def hand_over(path: Path) -> Path:
    """Give a file or folder to the user that databases run as; return it."""
    user = unprivileged()
    if user is not None:
        os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    return path


@contextmanager
def folder_for_all() -> Iterator[Path]:
    """Make a folder that the databases' user may enter; remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield hand_over(folder)


def run(
    command: Sequence[str], environment: Mapping[str, str] | None = None, user: str | None = None
) -> str:
    """Run a program to its end; return what it wrote, raise a DrillError where it fails."""
    done = subprocess.run(  # noqa: S603
        command,
        env=environment,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DrillError(f"{' '.join(command)}:\n{done.stdout}")
    return done.stdout


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    folder: Path = ROOT,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program in the background, in a folder, and stop it at the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=environment,
            user=user,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(done: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Return once something is so; raise a DrillError where it is not in time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise DrillError(f"Waited {seconds:g} s in vain: {what}.")
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Return whether something takes connections on a port of the loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Ports:
    """Free ports of the loopback, from a first one on."""

    def __init__(self, first: int):
        self._next = first

    def take(self) -> int:
        while True:
            port, self._next = self._next, self._next + 1
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            return port
