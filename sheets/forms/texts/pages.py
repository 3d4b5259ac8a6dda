"""The pages of a text: which title is whose, and which lines belong to nothing."""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bsc.periods import roc
from sheets.cells import BadYear, has_code, squashed, year_named_in
from sheets.forms.readings import Doubt, Severity, SheetReading
from sheets.forms.texts.layouts import Part, Piece
from sheets.forms.texts.lines import MAP, Line, Printed, Scanner
from sheets.forms.texts.maps import LineMap, names_on, part_of_map
from sheets.forms.texts.tables import TextTable, split_title
from sheets.forms.titles import unit_in
from sheets.forms.wordings import Vocabulary
from sheets.grid import Sheet, position

_READ = frozenset({"revision", "scorecard", "results", "light-table"})
# Lines of a first page that may say whose the text is, and of which year.
_COVER = 12
_MOST_ABOVE = 6
_UNIT = re.compile(r"[\u4e00-\u9fff]{2,}.*")
_NO_UNIT = re.compile(r"[:：。，；「」【】?？!！\t]")
_YEAR = re.compile(r"(?:民國)?\s*\d{2,4}\s*年(?:度)?")
_SHOWN = 100


class Titled(NamedTuple):
    """The whole title of a table, and its year where the title names none.

    `year` is the section's; `asked` one that a line of the cover names, which may be
    another.
    """

    text: str = ""
    year: int | None = None
    asked: tuple[int, Doubt] | None = None

    @property
    def named_year(self) -> int | None:
        return _year_in(self.text) or self.year


type Entry = TextTable | Part | SheetReading


@dataclass(slots=True)
class Pages:
    """Goes through the pages of a text and finds for each table its title.

    A title is that of the next table. One that is followed by another title heads a
    whole section: tables without a title of their own are under it.
    """

    sheet: Sheet
    vocabulary: Vocabulary
    entries: list[tuple[Entry, Titled]] = field(default_factory=list)
    # Names of objectives by the year of their map.
    _names: dict[int | None, dict[str, str]] = field(default_factory=dict)
    _maps: dict[str, dict[str, str]] = field(default_factory=dict)
    _cover: list[Line] = field(default_factory=list)
    _own: Line | None = None
    _section: Line | None = None
    _run: list[Line] = field(default_factory=list)
    # The title of the last table of each form, and how many titles stood till then.
    _last: dict[str, tuple[Line | None, int]] = field(default_factory=dict)
    _titles: int = 0
    _tables: dict[tuple[str, str], TextTable] = field(default_factory=dict)
    _ignored: list[Line] = field(default_factory=list)

    def parts(self) -> list[Part | SheetReading]:
        found = Scanner(self.sheet, self.vocabulary).scan()
        tables = [item for item in found if isinstance(item, Printed)]
        if not any(table.form for table in tables) and not self._may_be_map(found):
            return []
        self._cover = _cover_of(found)
        if self._is_plain(found):
            self._take_plain(found)
        else:
            for item in found:
                if isinstance(item, Printed):
                    self._take_table(item)
                elif item.title:
                    self._take_title(item)
                else:
                    self._run.append(item)
            self._close_run()
        parts: list[Part | SheetReading] = []
        for entry, titled in self.entries:
            part = entry.part() if isinstance(entry, TextTable) else entry
            if isinstance(part, Part):
                part = replace(part, year=titled.year, asked=titled.asked)
            parts.append(part)
        return self._with_ignored(parts)

    def _may_be_map(self, found: list[Line | Printed]) -> bool:
        lines = [item for item in found if isinstance(item, Line)]
        return LineMap(lines, "", "").is_map()

    # A file of one table, as a spreadsheet program saves it

    def _is_plain(self, found: list[Line | Printed]) -> bool:
        places = [n for n, item in enumerate(found) if isinstance(item, Printed)]
        return len(places) == 1 and places[0] <= _MOST_ABOVE

    def _take_plain(self, found: list[Line | Printed]) -> None:
        place = next(n for n, item in enumerate(found) if isinstance(item, Printed))
        table = found[place]
        lines = [item for item in found if isinstance(item, Line)]
        assert isinstance(table, Printed)
        table.above = lines[:place]
        if table.form == MAP:
            self.entries.append((part_of_map(table), Titled()))
        elif table.form in _READ:
            self.entries.append((TextTable.of(table), Titled()))
        else:
            self._unread(table)
        self._ignored += lines[place:]

    # Titles

    def _take_title(self, line: Line) -> None:
        own = self._own
        if own is not None and squashed(own.title) == squashed(line.title):
            # The same title on the next page.
            self._ignored.append(line)
            return
        if own is not None and not self._run and self._adds_to(own, line):
            self._own = replace(own, title=own.title + line.title)
            return
        self._close_run()
        self._own = line
        self._titles += 1

    def _adds_to(self, own: Line, line: Line) -> bool:
        """Say whether a title goes on with the one above it: … 執行成果."""
        is_bare = not unit_in(line.title) and _year_in(line.title) is None
        return is_bare and bool(unit_in(own.title))

    def _close_run(self) -> None:
        """Leave the page of a title: it was a map in lines, or heads a section."""
        own, run = self._own, self._run
        self._own, self._run = None, []
        shown = LineMap(run, "", "")
        if run and shown.is_map():
            titled = self._titled(own)
            shown.title, shown.home = titled.text, (own or run[0]).piece.home
            self.entries.append((shown.part(), titled))
            self._names[titled.named_year] = shown.names
            self._ignored += [line for line in run if line.row not in shown.used]
            return
        self._ignored += run
        if own is None:
            return
        if unit_in(own.title):
            self._section = own
        else:
            self._ignored.append(own)

    def _titled(self, own: Line | None, text: str | None = None) -> Titled:
        """Return the whole title of a table, and a year that is told elsewhere.

        What a title lacks stands above it: the section's title, else the cover.
        """
        title = text if text is not None else own.title if own else ""
        words = [title] if title else []
        section = self._section
        if not unit_in(title):
            if section is not None and own is not section:
                words.insert(0, section.title)
            elif section is None:
                words = self._from_cover(title)
        whole = " ".join(words)
        if _year_in(whole) is not None:
            return Titled(whole)
        if section is not None and (year := _year_in(section.title)) is not None:
            return Titled(whole, year)
        for line in self._cover:
            printed = line.piece.text[:_SHOWN]
            year = _year_in(line.piece.text)
            if year is not None:
                told = str(roc(year))
                params, at = {"text": printed, "year": told}, line.piece.home
                ask = Doubt(Severity.ASK, "year-from-line", at, params, default=told)
                return Titled(whole, None, (year, ask))
        return Titled(whole)

    def _from_cover(self, title: str) -> list[str]:
        unit = next((li for li in self._cover if _may_be_unit(li.piece.text)), None)
        words = [unit.piece.text] if unit else []
        if _year_in(title) is None:
            words += [
                line.piece.text
                for line in self._cover
                if _YEAR.fullmatch(line.piece.text)
            ][:1]
        return [*words, title] if title else words

    # Tables

    def _take_table(self, table: Printed) -> None:
        if table.form == MAP:
            self._take_map(table)
        elif table.form in _READ:
            self._take_form(table)
        elif table.form:
            self._unread(table)
            self._ignored += self._run
            self._own, self._run = None, []
        else:
            self._unread(table)

    def _take_map(self, table: Printed) -> None:
        titled, names = self._titled(self._own), names_on(table)
        table.above = self._run
        home = self._own.piece.home if self._own else table.first
        self._own, self._run = None, []
        key = squashed(titled.text)
        if key in self._maps and self._maps[key] == names:
            # The same map on another page.
            row = position(table.first)[0]
            piece = next(iter(table.headings[0].values()))
            self._ignored += [*table.above, Line(row, piece)]
            return
        self._maps[key] = self._names[titled.named_year] = names
        self.entries.append((part_of_map(table, titled.text, home), titled))

    def _take_form(self, table: Printed) -> None:
        own = self._own
        last, titles = self._last.get(table.form, (None, -1))
        if own is None:
            own = last if titles == self._titles else self._section
        band: Piece | None = None
        text: str | None = None
        if own is not None:
            text, words = split_title(own.title, table)
            if words and own is self._own:
                band = own.piece._replace(text=words)
        titled = self._titled(own, text)
        table.above = self._above(table)
        key = (table.form, squashed(titled.text))
        known = self._tables.get(key)
        if known is None:
            home = own.piece.home if own else table.first
            names = self._names.get(titled.named_year, {})
            known = TextTable(table.form, titled.text, home, names)
            self._tables[key] = known
            self.entries.append((known, titled))
        known.pages.append(table)
        known.bands.append(band)
        self._last[table.form] = own, self._titles
        self._own, self._run = None, []

    def _above(self, table: Printed) -> list[Line]:
        """Return the lines that are read with a table; the others are ignored."""
        if table.form == "light-table":
            return self._run
        row = position(table.first)[0]
        kept: list[Line] = []
        for line in reversed(self._run):
            is_near = line.row == row - 1
            if is_near or "單位" in line.piece.text or line.is_claim:
                kept.insert(0, line)
                row = line.row
            else:
                break
        self._ignored += self._run[: len(self._run) - len(kept)]
        return kept

    def _unread(self, table: Printed) -> None:
        """Say of a table once that it is not read, of one form in a row only once."""
        last = self.entries[-1][0] if self.entries else None
        params = {"form": table.form}
        is_again = isinstance(last, SheetReading) and last.doubts[0].params == params
        if not (is_again and table.form):
            doubt = Doubt(Severity.WARN, "sheet-not-read", table.first, params)
            self.entries.append((SheetReading("", None, None, (doubt,)), Titled()))

    # What is left

    def _with_ignored(
        self, parts: list[Part | SheetReading]
    ) -> list[Part | SheetReading]:
        """Add one note for every run of lines that belong to nothing."""
        ignored = {line.row: line for line in self._ignored}
        runs: list[list[Line]] = []
        before: int | None = None
        for row in self.sheet.rows:
            line = ignored.get(row)
            if line is not None and before in ignored:
                runs[-1].append(line)
            elif line is not None:
                runs.append([line])
            before = row
        notes = tuple(_ignored(run) for run in runs)
        kept: list[Part | SheetReading] = []
        for part in parts:
            if notes and isinstance(part, Part):
                part, notes = replace(part, doubts=(*part.doubts, *notes)), ()
            kept.append(part)
        if notes:
            first, *rest = kept
            kept = [replace(first, doubts=(*first.doubts, *notes)), *rest]
        return kept


def _ignored(run: list[Line]) -> Doubt:
    text = " / ".join(line.piece.text for line in run)
    params = {
        "first": str(run[0].row),
        "last": str(run[-1].row),
        "count": str(len(run)),
        "text": text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…",
    }
    return Doubt(Severity.NOTE, "lines-ignored", run[0].piece.home, params)


def _cover_of(found: list[Line | Printed]) -> list[Line]:
    """Return the first lines of a text that are no titles."""
    lines: list[Line] = []
    for item in found:
        if isinstance(item, Printed) or len(lines) == _COVER:
            break
        if not item.title:
            lines.append(item)
    return lines


def _may_be_unit(text: str) -> bool:
    is_name = _UNIT.fullmatch(text) is not None and len(text) <= 30
    return is_name and not (_NO_UNIT.search(text) or has_code(text))


def _year_in(text: str) -> int | None:
    try:
        return year_named_in(text)
    except BadYear:
        return None
