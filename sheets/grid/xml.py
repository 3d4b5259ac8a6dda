"""XML of a package, parsed as a stream, with nothing declared and nothing endless."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from sheets.grid.limits import Refused

_CHUNK = 65_536
# A tag, a comment or an instruction that does not end within this many bytes.
_LONGEST_TOKEN = 1_000_000

_ENCODINGS = ("utf-8", "utf-16", "us-ascii")
_NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]

type Start = Callable[[str, dict[str, str]], None]
type End = Callable[[str], None]


def new_parser(part: str) -> expat.XMLParserType:
    """Return a parser of one part that refuses document types and entities.

    Names come as "namespace name", attributes without a namespace bare.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise Refused("entities", part=part)

    def declare(version: str, encoding: str | None, standalone: int) -> None:
        # Any other would be looked up among all that Python knows.
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise Refused("file-broken", part=part, reason="encoding")

    parser.XmlDeclHandler = declare
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


class Checked:
    """A stream of XML whose bytes were checked by a parser before they are given.

    Reading raises Refused where the XML is broken or one of its tokens is endless.
    """

    def __init__(
        self,
        stream: IO[bytes],
        part: str,
        parser: expat.XMLParserType | None = None,
    ) -> None:
        self._stream = stream
        self._part = part
        self._parser = parser or new_parser(part)
        self._fed = 0

    def read(self, size: int = _CHUNK) -> bytes:
        """Return the next bytes, b"" at the end of the stream and of the XML."""
        chunk = self._stream.read(size)
        parser = self._parser
        self._fed += len(chunk)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            if error.code == _NO_MEMORY:
                raise MemoryError from error
            raise Refused("file-broken", part=self._part, reason="xml") from error
        if self._fed - parser.CurrentByteIndex > _LONGEST_TOKEN and chunk:
            raise Refused("file-broken", part=self._part, reason="token")
        return chunk


def feed(parser: expat.XMLParserType, stream: IO[bytes], part: str) -> None:
    """Parse a stream to its end; the parser's handlers see it as it comes.

    Raises Refused where the XML is broken or one of its tokens is endless.
    """
    checked = Checked(stream, part, parser)
    while checked.read():
        pass


def read_tags(
    stream: IO[bytes], part: str, depth: int, start: Start, end: End | None = None
) -> None:
    """Call `start` with each element's name, without its namespace, and attributes.

    Attributes of a namespace lose it as well: `r:id` comes as `id`. Made for the
    small parts; a sheet has its own handlers.
    """
    level = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal level
        level += 1
        if level > depth:
            raise Refused("file-broken", part=part, reason="depth")
        local = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        start(name.rpartition(" ")[2], local)

    def on_end(name: str) -> None:
        nonlocal level
        level -= 1
        if end is not None:
            end(name.rpartition(" ")[2])

    parser = new_parser(part)
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    feed(parser, stream, part)
