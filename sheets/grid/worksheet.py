"""One sheet's XML as elements, whatever program wrote it."""

from xml.parsers import expat

from sheets.grid import xml
from sheets.grid.draft import Draft
from sheets.grid.limits import Refused

# What a cell is made of; everything else in a sheet is rare.
_ELEMENTS = ("c", "v", "t", "row", "f")


def follow(draft: Draft) -> expat.XMLParserType:
    """Return a parser that fills `draft` with the sheet it is fed.

    The handlers keep their state in local names, for they run for each element.
    """
    parser = xml.new_parser(draft.part)
    deepest, longest = draft.limits.depth, draft.limits.cell_characters
    take_cell = draft.take_cell
    depth = row = column = length = 0
    kind = style = ""
    has_formula = is_spoken = False
    pieces: list[str] = []
    element_c = element_v = element_t = element_row = element_f = ""

    def take(piece: str) -> None:
        nonlocal length
        pieces.append(piece)
        length += len(piece)
        if length > longest:
            raise draft.too_long(row, column)

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal depth, row, column, kind, style, has_formula, is_spoken, length
        depth += 1
        if depth > deepest:
            raise Refused("file-broken", part=draft.part, reason="depth")
        if element == element_c:
            reference = attributes.get("r")
            if reference is None:
                column += 1
            else:
                row, column = draft.position_of(reference)
            kind, style = attributes.get("t", ""), attributes.get("s", "")
            has_formula = False
            pieces.clear()
            length = 0
        elif element == element_v:
            parser.CharacterDataHandler = take
        elif element == element_t:
            parser.CharacterDataHandler = None if is_spoken else take
        elif element == element_row:
            row = draft.take_row(attributes, row)
            column = 0
        elif element == element_f:
            has_formula = True
        else:
            name = element.rpartition(" ")[2]
            # How a Chinese or Japanese text is spoken may stand beside it.
            is_spoken = name == "rPh"
            draft.take(name, attributes)

    def end(element: str) -> None:
        nonlocal depth, is_spoken
        depth -= 1
        if element in (element_v, element_t):
            parser.CharacterDataHandler = None
        elif element == element_c:
            take_cell(row, column, kind, style, "".join(pieces), has_formula)
        elif is_spoken and element.endswith("rPh"):
            is_spoken = False

    def root(element: str, attributes: dict[str, str]) -> None:
        nonlocal depth, element_c, element_v, element_t, element_row, element_f
        # Names belong to the root's namespace: there is an old and a strict one.
        namespace, _, local = element.rpartition(" ")
        if local != "worksheet":
            raise Refused("file-broken", part=draft.part, reason="xml")
        depth = 1
        names = [f"{namespace} {local}".lstrip() for local in _ELEMENTS]
        element_c, element_v, element_t, element_row, element_f = names
        parser.StartElementHandler = start

    parser.StartElementHandler = root
    parser.EndElementHandler = end
    return parser
