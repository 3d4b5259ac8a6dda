"""The process that opens an uploaded file, so that ours never does.

Whatever a file does to its reader, it does to a process that has a bound on memory,
time and answer, may write no file, knows no secret and imports neither Django nor
any library, but for the one that reads the old .xls where that is the file.
"""

import gc
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from importlib import util
from pathlib import Path
from typing import IO

from sheets.grid import Book, Limits, Refused, from_bytes, read_workbook, to_bytes
from sheets.grid.kinds import HEAD, require_kind
from sheets.package.container import check_package, check_size

_ROOT = Path(__file__).resolve().parent.parent.parent
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from sheets.package.child import answer; answer()"
)
# An answer is one letter, eight bytes of length, and as many bytes.
_BOOK, _REFUSED = b"B", b"R"
_LENGTH_BYTES = 8
_HEADER_BYTES = 1 + _LENGTH_BYTES
_CHUNK = 1_048_576
_OPEN_FILES = 16
# The library a kind needs: one folder of pure Python, and nothing beside it.
_LIBRARIES = {"xls": "xlrd"}
# Where a Python was built to find its own library; nothing else of ours is told.
_KEPT = ("LD_LIBRARY_PATH",)


def inspect(path: Path | str, limits: Limits | None = None) -> None:
    """Look a file through, from its zip to its last cell, and keep nothing.

    It runs in this process. Raises Refused where the file may not be read.
    """
    limits = limits or Limits()
    with open(path, "rb") as file:
        check_package(file, Path(path).name, limits)
        file.seek(0)
        read_workbook(file, Path(path).name, limits)


def read_safely(path: Path | str, file_name: str, limits: Limits | None = None) -> Book:
    """Return an uploaded file as a book, read in a process of its own.

    `file_name` is what the person called it. Raises Refused, also where that
    process died or was stopped; ours goes on.
    """
    limits = limits or Limits()
    with open(path, "rb") as file:
        check_size(os.fstat(file.fileno()).st_size, limits)
        kind_of_file = require_kind(file.read(HEAD), file_name)
        file.seek(0)
        sent = _ask(file, Path(file_name).suffix, _folder_of(kind_of_file), limits)
    kind, length = sent[:1], int.from_bytes(sent[1:_HEADER_BYTES])
    content = sent[_HEADER_BYTES:]
    if len(content) != length:
        raise Refused("file-unreadable", reason="answer")
    try:
        if kind == _BOOK:
            return replace(from_bytes(content), file_name=file_name)
        refused = json.loads(content)
        code, params = str(refused["code"]), dict(refused["params"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Refused("file-unreadable", reason="answer") from error
    raise Refused(code, params)


def _folder_of(kind: str) -> str:
    """Return where the library is that a kind of file needs, "" where none is."""
    library = _LIBRARIES.get(kind)
    found = util.find_spec(library) if library else None
    return str(Path(found.origin).parent) if found and found.origin else ""


def _ask(file: IO[bytes], suffix: str, library: str, limits: Limits) -> bytes:
    """Return what the reading process sends. Raises Refused where it fails."""
    asked = json.dumps({"suffix": suffix, "library": library, "limits": asdict(limits)})
    command = [sys.executable, "-I", "-S", "-B", "-c", _PROGRAM, str(_ROOT), asked]
    # No preexec_fn, which is unsafe beside threads: the child binds itself.
    process = subprocess.Popen(
        command,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={key: os.environ[key] for key in _KEPT if key in os.environ},
        cwd="/",
        start_new_session=True,
    )
    try:
        sent = _received(process, limits)
        process.wait(timeout=limits.seconds)
    except subprocess.TimeoutExpired:
        raise Refused("file-unreadable", reason="time") from None
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if not sent and process.returncode == -signal.SIGXCPU:
        raise Refused(
            "file-too-large", what="processor", limit=limits.processor_seconds
        )
    if len(sent) < _HEADER_BYTES:
        raise Refused("file-unreadable", reason="crash")
    return sent


def _received(process: "subprocess.Popen[bytes]", limits: Limits) -> bytes:
    """Return all that a process writes, for as long and as much as it may."""
    if process.stdout is None:
        raise ValueError("a process without a pipe")
    until = time.monotonic() + limits.seconds
    pieces: list[bytes] = []
    size = 0
    pipe = process.stdout.fileno()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = until - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise Refused("file-unreadable", reason="time")
            piece = os.read(pipe, _CHUNK)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            size += len(piece)
            if size > limits.answer_bytes + _HEADER_BYTES:
                raise Refused(
                    "file-too-large", what="answer", limit=limits.answer_bytes
                )


def answer() -> None:
    """Read the file on standard input, write the answer: all of the child's life."""
    asked = json.loads(sys.argv[2])
    limits = Limits(**asked["limits"])
    if asked["library"]:
        _load(Path(asked["library"]))
    _bind(limits)
    gc.disable()
    name = "file" + asked["suffix"]
    try:
        with open(0, "rb", closefd=False) as file:
            check_package(file, name, limits)
            file.seek(0)
            content = to_bytes(read_workbook(file, name, limits))
        if len(content) > limits.answer_bytes:
            raise Refused("file-too-large", what="answer", limit=limits.answer_bytes)
        kind = _BOOK
    except Refused as refused:
        kind, content = _REFUSED, _told(refused)
    except MemoryError:
        too_large = Refused("file-too-large", what="memory", limit=limits.memory)
        kind, content = _REFUSED, _told(too_large)
    with open(1, "wb", closefd=False) as pipe:
        pipe.write(kind + len(content).to_bytes(_LENGTH_BYTES) + content)
    # Nothing is left to do, and taking a large book apart would cost time.
    os._exit(0)


def _load(folder: Path) -> None:
    """Load one library from its folder: the process knows no other place."""
    spec = util.spec_from_file_location(
        folder.name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(folder.name)
    module = util.module_from_spec(spec)
    sys.modules[folder.name] = module
    spec.loader.exec_module(module)


def _told(refused: Refused) -> bytes:
    return json.dumps({"code": refused.code, "params": refused.params}).encode()


def _bind(limits: Limits) -> None:
    """Bound this process for good: memory, time, files, and no trace of a crash."""
    memory = _mapped() + limits.memory
    seconds = limits.processor_seconds
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES, _OPEN_FILES),
    ):
        resource.setrlimit(what, (soft, hard))


def _mapped() -> int:
    """Return the bytes that are mapped already, before any file was touched."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()
