"""Excel's older workbooks, a small file system in one file: one of its streams, or all but some folders.

[MS-CFB]: sectors, chained by a table; a directory of 128 bytes an entry, whose names
make a tree; streams below 4,096 bytes share one stream of small sectors.
"""

import struct
from collections.abc import Collection, Iterator
from typing import BinaryIO

IS_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = struct.Struct("<8s16s5H6x9I")
_ENTRY_SIZE = 128
_IN_HEADER = 109
# Numbers above this one lead nowhere.
_LAST = 0xFFFFFFFA
_NOTHING = 0xFFFFFFFF
_SMALL = 4_096
_STORAGE = 1
_STREAM = 2
_BLACK = 1


def without_storages(file: BinaryIO, names: Collection[str]) -> bytes | None:
    """Return a file without the folders of these names, None where it has none.

    What they held is overwritten with zeros. Raises ValueError where the file is
    broken.
    """
    file.seek(0)
    try:
        disk = _Disk(bytearray(file.read()))
        return disk.without({name.casefold() for name in names})
    except (struct.error, IndexError) as error:
        raise ValueError from error


def stream_of(file: BinaryIO, names: Collection[str]) -> bytes | None:
    """Return what the first stream of one of these names holds, None where none is.

    Raises ValueError where the file is broken.
    """
    file.seek(0)
    try:
        return _Disk(bytearray(file.read())).stream({name.casefold() for name in names})
    except (struct.error, IndexError) as error:
        raise ValueError from error


class _Disk:
    """The sectors of a file, its tables and its directory."""

    def __init__(self, content: bytearray) -> None:
        self.content = content
        head = _HEADER.unpack_from(content)
        sector_power, small_power = head[5], head[6]
        if sector_power not in (9, 12) or small_power != 6:
            raise ValueError
        self.size: int = 1 << sector_power
        self.small_size: int = 1 << small_power
        *_, directory, _, _, small_table, _, table_more, _ = head
        self.table = self._table(table_more)
        self.small_table = self._numbers(self._chain(small_table, self.table))
        self.directory = [
            self._at(sector) + place
            for sector in self._chain(directory, self.table)
            for place in range(0, self.size, _ENTRY_SIZE)
        ]
        self.small = self._chain(self._start_of(0), self.table)

    def without(self, names: set[str]) -> bytes | None:
        parents = [0, *self._storages()]
        is_gone = False
        for parent in parents:
            children = self._children(parent)
            going = [one for one in children if self._name(one).casefold() in names]
            going = [one for one in going if self._kind(one) == _STORAGE]
            for one in going:
                self._wipe(one)
            if going:
                is_gone = True
                self._set_children(parent, [c for c in children if c not in going])
        return bytes(self.content) if is_gone else None

    def stream(self, names: set[str]) -> bytes | None:
        for entry in range(1, len(self.directory)):
            if self._kind(entry) == _STREAM and self._name(entry).casefold() in names:
                size, start = self._field(entry, 120), self._start_of(entry)
                held = [
                    self.content[at : at + of] for at, of in self._where(start, size)
                ]
                return b"".join(held)[:size]
        return None

    def _where(self, start: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield where the pieces of a stream stand, and how long each may be."""
        if size >= _SMALL:
            for sector in self._chain(start, self.table):
                yield self._at(sector), self.size
            return
        for small in self._chain(start, self.small_table):
            sector, place = divmod(small * self.small_size, self.size)
            yield self._at(self.small[sector]) + place, self.small_size

    def _at(self, sector: int) -> int:
        return (sector + 1) * self.size

    def _table(self, more: int) -> list[int]:
        """Return which sector follows each, from the tables that the header names."""
        first = struct.unpack_from(f"<{_IN_HEADER}I", self.content, 76)
        sectors = [one for one in first if one < _LAST]
        seen: set[int] = set()
        while more < _LAST:
            if more in seen:
                raise ValueError
            seen.add(more)
            *told, more = self._numbers([more])
            sectors += [one for one in told if one < _LAST]
        return self._numbers(sectors)

    def _numbers(self, sectors: list[int]) -> list[int]:
        count = self.size // 4
        return [
            number
            for sector in sectors
            for number in struct.unpack_from(
                f"<{count}I", self.content, self._at(sector)
            )
        ]

    def _chain(self, sector: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while sector < _LAST:
            # A chain that comes back to itself never ends.
            if len(found) > len(table):
                raise ValueError
            found.append(sector)
            sector = table[sector]
        return found

    def _field(self, entry: int, place: int, form: str = "<I") -> int:
        at = self.directory[entry] + place
        return int(struct.unpack_from(form, self.content, at)[0])

    def _kind(self, entry: int) -> int:
        return self._field(entry, 66, "<B")

    def _name(self, entry: int) -> str:
        length = min(max(self._field(entry, 64, "<H") - 2, 0), 62)
        at = self.directory[entry]
        return self.content[at : at + length].decode("utf-16-le", "replace")

    def _start_of(self, entry: int) -> int:
        return self._field(entry, 116)

    def _storages(self) -> Iterator[int]:
        """Yield the entries of the folders, each looked at once it is reached."""
        for entry in range(1, len(self.directory)):
            if self._kind(entry) == _STORAGE:
                yield entry

    def _children(self, entry: int) -> list[int]:
        """Return the entries right below a folder, in the order of their tree."""
        found: list[int] = []
        seen: set[int] = set()
        waiting = [self._field(entry, 76)]
        while waiting:
            one = waiting.pop()
            if one >= _LAST:
                continue
            if one in seen:
                raise ValueError
            seen.add(one)
            found.append(one)
            waiting += [self._field(one, 68), self._field(one, 72)]
        return found

    def _wipe(self, entry: int) -> None:
        """Overwrite an entry and all below it, and what they hold."""
        if self._kind(entry) == _STORAGE:
            for child in self._children(entry):
                self._wipe(child)
        elif size := self._field(entry, 120):
            self._wipe_stream(self._start_of(entry), size)
        at = self.directory[entry]
        self.content[at : at + _ENTRY_SIZE] = bytes(_ENTRY_SIZE)
        for place in (68, 72, 76):
            struct.pack_into("<I", self.content, at + place, _NOTHING)

    def _wipe_stream(self, start: int, size: int) -> None:
        for at, length in self._where(start, size):
            self.content[at : at + length] = bytes(length)

    def _set_children(self, parent: int, children: list[int]) -> None:
        """Make the tree below a folder anew: balanced, by length and name, all black."""

        def key(entry: int) -> tuple[int, str]:
            name = self._name(entry)
            return len(name), name.upper()

        def grow(entries: list[int]) -> int:
            if not entries:
                return _NOTHING
            middle = len(entries) // 2
            one = entries[middle]
            at = self.directory[one]
            self.content[at + 67] = _BLACK
            struct.pack_into("<I", self.content, at + 68, grow(entries[:middle]))
            struct.pack_into("<I", self.content, at + 72, grow(entries[middle + 1 :]))
            return one

        top = grow(sorted(children, key=key))
        struct.pack_into("<I", self.content, self.directory[parent] + 76, top)
