"""A package written again with some parts left out and some replaced.

Parts that stay are copied as they are packed: nothing is unpacked, so that a part
which would unpack to far too much costs no more than its packed bytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from typing import BinaryIO

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_IS_UTF_8 = 0x800
# A length behind the part instead of before it: we know it beforehand.
_LENGTH_FOLLOWS = 0x8
_MOST = 0xFFFFFFFF
_VERSION = 20


class CannotRewrite(ValueError):
    """A package whose parts cannot be copied: its directory does not tell the truth."""


def rewritten(
    file: BinaryIO, without: Collection[str], instead: Mapping[str, bytes]
) -> bytes:
    """Return a package without some parts, others with other content, in their order.

    Raises CannotRewrite, or what zipfile raises, where the package is broken.
    """
    size = file.seek(0, io.SEEK_END)
    written = io.BytesIO()
    directory: list[bytes] = []
    with zipfile.ZipFile(file) as parts:
        copied = 0
        for part in parts.infolist():
            if part.filename in without:
                continue
            content = instead.get(part.filename)
            if content is None:
                copied += part.compress_size
                # Parts may not share their bytes: that would be a bomb of another kind.
                if copied > size:
                    raise CannotRewrite
                _write(written, directory, part, _packed_bytes(file, part))
            else:
                _write(written, directory, _changed(part, content), _deflated(content))
    start = written.tell()
    written.writelines(directory)
    length = written.tell() - start
    count = len(directory)
    written.write(_END.pack(b"PK\5\6", 0, 0, count, count, length, start, 0))
    return written.getvalue()


def _packed_bytes(file: BinaryIO, part: zipfile.ZipInfo) -> bytes:
    file.seek(part.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or part.compress_size > _MOST:
        raise CannotRewrite
    *_, name, extra = _LOCAL.unpack(head)
    file.seek(name + extra, io.SEEK_CUR)
    packed = file.read(part.compress_size)
    if len(packed) < part.compress_size:
        raise CannotRewrite
    return packed


def _deflated(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _changed(part: zipfile.ZipInfo, content: bytes) -> zipfile.ZipInfo:
    part.compress_type = zipfile.ZIP_DEFLATED
    part.CRC, part.file_size = zlib.crc32(content), len(content)
    return part


def _write(
    to: io.BytesIO, directory: list[bytes], part: zipfile.ZipInfo, packed: bytes
) -> None:
    """Write a part, and add its line to the directory."""
    if part.file_size > _MOST:
        raise CannotRewrite
    is_utf_8 = bool(part.flag_bits & _IS_UTF_8)
    name = part.orig_filename.encode("utf-8" if is_utf_8 else "cp437")
    year, month, day, hour, minute, second = part.date_time
    told = (
        _VERSION,
        part.flag_bits & ~_LENGTH_FOLLOWS,
        part.compress_type,
        hour << 11 | minute << 5 | second // 2,
        (year - 1980) << 9 | month << 5 | day,
        part.CRC,
        len(packed),
        part.file_size,
        len(name),
        0,
    )
    place = to.tell()
    directory.append(
        _CENTRAL.pack(b"PK\1\2", _VERSION, *told, 0, 0, 0, part.external_attr, place)
        + name
    )
    to.write(_LOCAL.pack(b"PK\3\4", *told) + name + packed)
