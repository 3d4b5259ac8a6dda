"""Processes of the machine: their names, whether they are gone, and a lock for one."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO


def name_of_this_process() -> str:
    """Return `host:pid:start`, a name that no other process ever bears again."""
    pid = os.getpid()
    return f"{socket.gethostname()}:{pid}:{_start_of(pid)}"


def is_gone(name: str) -> bool:
    """Say whether the process `name` has ended.

    One of another host counts as gone: this is asked only where jobs run inside the
    one serving process, and a container that starts again has another host name.
    """
    parts = name.rsplit(":", 2)
    if len(parts) != 3 or parts[0] != socket.gethostname():
        return True
    return _start_of(int(parts[1])) != parts[2]


def has_died_here(name: str) -> bool:
    """Say whether the process `name` was one of this host and has ended."""
    return name.rsplit(":", 2)[0] == socket.gethostname() and is_gone(name)


def _start_of(pid: int) -> str:
    """Return when `pid` started, in ticks since boot; "" where there is none.

    A process id is used again, so the id alone would take a stranger for our own.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _start_by_signal(pid)
    # The command's name stands in brackets and may hold blanks.
    fields = stat.rpartition(")")[2].split()
    is_zombie = fields[0] in "ZX"
    return "" if is_zombie else fields[19]


def _start_by_signal(pid: int) -> str:
    """Return "0" for a living process where the machine has no /proc."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "0"


class Lock:
    """A file that one process holds until it ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None
        self._holder = 0

    def take(self) -> bool:
        """Hold the file; False where another process does. May be called again.

        A child made by a fork does not hold its parent's lock.
        """
        if self._file is not None:
            return not self.is_inherited
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file, self._holder = file, os.getpid()
        return True

    @property
    def is_inherited(self) -> bool:
        """Whether a parent took it before this process was forked."""
        return self._file is not None and self._holder != os.getpid()

    def release(self) -> None:
        if self._file is not None and not self.is_inherited:
            self._file.close()
            self._file = None
