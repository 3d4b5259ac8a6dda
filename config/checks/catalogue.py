"""Compare the zh_Hant catalogue with the words in the code, or bring it in line.

`python -m config.checks.catalogue` compares. With `update` it adds the words that
the code has gained, drops those that it has lost and compiles the catalogue;
further names are catalogues to take missing translations from. It needs Babel, and
no gettext on the machine.

`locale/others.pot`, kept by hand, lists words of packages without a zh_Hant
catalogue of their own, which ours translates too.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent
CATALOGUE = PROJECT_DIR / "locale" / "zh_Hant" / "LC_MESSAGES" / "django.po"
OTHERS = PROJECT_DIR / "locale" / "others.pot"
CODE = ("config", "bsc", "kpi", "actions", "sheets", "reports")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def words_in_code() -> Catalog:
    """Return a catalogue of all words in our code and templates, not translated."""
    found = _empty()
    for path in _sources("*.py", CODE):
        _collect(found, path, path.read_bytes(), "python")
    # Django turns a template into calls of gettext between rests of its text,
    # which only a lenient reader takes.
    if not settings.configured:
        settings.configure()
    for path in _sources("*.html", ("templates",)):
        calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        _collect(found, path, calls.encode(), "javascript")
    if OTHERS.exists():
        for message in _messages(_read(OTHERS)):
            found.add(message.id, context=message.context, flags=message.flags)
    return found


def problems(words: Catalog, catalogue: Catalog, compiled: bytes) -> list[str]:
    """Return a line for each word that is missing, doubtful, wrong or left over."""
    found = []
    for message in _messages(words):
        if _find(catalogue, message) is None:
            found.append(f"missing: {_name(message)}")
    for message in _messages(catalogue):
        if _find(words, message) is None:
            found.append(f"no longer used: {_name(message)}")
        elif message.fuzzy:
            found.append(f"fuzzy: {_name(message)}")
        elif not all(_strings(message)):
            found.append(f"empty: {_name(message)}")
        found += [f"{error}: {_name(message)}" for error in message.check(catalogue)]
    if _texts(compiled) != _texts(_compile(catalogue)):
        found.append("django.mo is older than django.po")
    return found


def update(words: Catalog, catalogue: Catalog, others: list[Catalog]) -> Catalog:
    """Return `words` with the translations of `catalogue`, else of the first of `others`."""
    updated = _empty(catalogue)
    for message in _messages(words):
        known = (_find(source, message) for source in (catalogue, *others))
        translated = (old for old in known if old and any(_strings(old)))
        source = next(translated, None)
        updated.add(
            message.id,
            source.string if source else "",
            locations=[
                (name, 0) for name in sorted({at[0] for at in message.locations})
            ],
            flags=message.flags | (source.flags & {"fuzzy"} if source else set()),
            context=message.context,
        )
    return updated


def _sources(pattern: str, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((PROJECT_DIR / folder).rglob(pattern))


def _collect(found: Catalog, path: Path, content: bytes, method: str) -> None:
    name = path.relative_to(PROJECT_DIR).as_posix()
    for line, words, _comments, context in extract(
        method, BytesIO(content), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        found.add(words, locations=[(name, line)], context=context)


def _empty(before: Catalog | None = None) -> Catalog:
    # The dates stay those of the catalogue before: a run that adds nothing must
    # leave both files as they are.
    return Catalog(
        locale="zh_Hant",
        header_comment="# What people read in Dengta, for Taiwan.",
        project="Dengta",
        version="1",
        last_translator="Dengta contributors",
        language_team="Dengta contributors",
        creation_date=before.creation_date if before else None,
        revision_date=before.revision_date if before else datetime.now(UTC),
        charset="utf-8",
        fuzzy=False,
    )


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hant", charset="utf-8")


def _messages(catalogue: Catalog) -> Iterator[Message]:
    # The first message, with an empty id, is the header.
    return (message for message in catalogue if message.id)


def _find(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id, message.context)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, (tuple, list)) else (string or "",)


def _name(message: Message) -> str:
    places = ", ".join(sorted({at[0] for at in message.locations}))
    return f"{_key(message)!r} ({places})" if places else repr(_key(message))


def _compile(catalogue: Catalog) -> bytes:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def _texts(compiled: bytes) -> dict[tuple[object, str | None], tuple[str, ...]]:
    messages = _messages(read_mo(BytesIO(compiled))) if compiled else ()
    return {(_key(message), message.context): _strings(message) for message in messages}


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _write(catalogue: Catalog) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(
            file,
            catalogue,
            width=88,
            omit_header=False,
            sort_output=True,
            include_lineno=False,
        )
    CATALOGUE.with_suffix(".mo").write_bytes(_compile(catalogue))


def main(arguments: list[str]) -> int:
    if arguments and arguments[0] != "update":
        print(__doc__, file=sys.stderr)
        return 2
    words = words_in_code()
    catalogue = _read(CATALOGUE) if CATALOGUE.exists() else _empty()
    if arguments:
        others = [_read(Path(name)) for name in arguments[1:]]
        catalogue = update(words, catalogue, others)
        _write(catalogue)
    binary = CATALOGUE.with_suffix(".mo")
    compiled = binary.read_bytes() if binary.exists() else b""
    found = problems(words, catalogue, compiled)
    for line in found:
        print(f"zh_Hant catalogue: {line}", file=sys.stderr)
    if not found:
        print(f"zh_Hant catalogue: {len(catalogue)} words, all translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
