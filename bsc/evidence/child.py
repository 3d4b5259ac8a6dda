"""The process that opens a file of evidence, so that ours never does.

Whatever a file does to the library that reads it, it does to a process with a bound
on memory and time, which may write no file and imports no Django.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

from bsc.evidence.kinds import MEGABYTE, Refused, kind_of

MEMORY = 1536 * MEGABYTE
SECONDS = 30
MOST_ANSWER = 64 * MEGABYTE
_ROOT = Path(__file__).resolve().parent.parent.parent
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from bsc.evidence.child import answer; answer(sys.argv[2])"
)
_KEPT, _REFUSED = b"K", b"R"


def examined(name: str, content: bytes) -> tuple[str, bytes]:
    """Return the kind of a file (its end) and the file as it is kept.

    Raises Refused, also where the process that reads it died or was stopped.
    """
    end = kind_of(name, content)
    if end in (".csv", ".txt"):
        return end, content
    try:
        # No preexec_fn, which is unsafe beside threads: the child binds itself.
        done = subprocess.run(
            [sys.executable, "-I", "-c", _PROGRAM, str(_ROOT), end],
            input=content,
            capture_output=True,
            timeout=2 * SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("broken", {"end": end}) from error
    told, rest = done.stdout[:1], done.stdout[1:]
    if done.returncode or told not in (_KEPT, _REFUSED) or len(rest) > MOST_ANSWER:
        raise Refused("broken", {"end": end})
    if told == _REFUSED:
        said = json.loads(rest)
        raise Refused(str(said["code"]), dict(said["params"]))
    return end, rest


def answer(end: str) -> None:
    """Clean what comes on the standard input, and say it on the standard output."""
    from bsc.evidence.cleaning import cleaned

    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(what, (most, most))
    content = sys.stdin.buffer.read()
    try:
        said = _KEPT + cleaned(content, end)
    except Refused as refused:
        words = json.dumps({"code": refused.code, "params": refused.params})
        said = _REFUSED + words.encode()
    sys.stdout.buffer.write(said)
