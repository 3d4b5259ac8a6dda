"""What the check of the zh_Hant catalogue sees."""

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from config.checks import catalogue


def _catalogue(*words: tuple[str, str]) -> Catalog:
    made = Catalog(locale="zh_Hant", fuzzy=False)
    for word, translation in words:
        made.add(word, translation)
    return made


def _compiled(source: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, source)
    return file.getvalue()


def _problems(words: Catalog, translated: Catalog) -> list[str]:
    return catalogue.problems(words, translated, _compiled(translated))


WORDS = _catalogue(("Light", ""), ("%(count)s KPIs", ""))
TRANSLATED = _catalogue(("Light", "燈號"), ("%(count)s KPIs", "%(count)s 項 KPI"))


def test_a_complete_catalogue_is_good():
    assert _problems(WORDS, TRANSLATED) == []


def test_a_word_that_the_catalogue_lacks_is_named():
    words = _catalogue(("Light", ""), ("%(count)s KPIs", ""), ("Target", ""))
    assert _problems(words, TRANSLATED) == ["missing: 'Target'"]


def test_a_word_that_the_code_lost_is_named():
    assert _problems(_catalogue(("Light", "")), TRANSLATED) == [
        "no longer used: '%(count)s KPIs'"
    ]


def test_a_word_without_translation_is_named():
    translated = _catalogue(("Light", ""))
    assert _problems(_catalogue(("Light", "")), translated) == ["empty: 'Light'"]


def test_a_doubtful_translation_is_named():
    translated = Catalog(locale="zh_Hant", fuzzy=False)
    translated.add("Light", "光", flags=["fuzzy"])
    assert _problems(_catalogue(("Light", "")), translated) == ["fuzzy: 'Light'"]


def test_a_translation_with_another_placeholder_is_named():
    words = _catalogue(("%(count)s KPIs", ""))
    translated = _catalogue(("%(count)s KPIs", "%(number)s 項 KPI"))
    (problem,) = _problems(words, translated)
    assert "placeholder" in problem


def test_a_catalogue_that_was_not_compiled_is_named():
    older = _compiled(_catalogue(("Light", "燈")))
    translated = _catalogue(("Light", "燈號"))
    assert catalogue.problems(_catalogue(("Light", "")), translated, older) == [
        "django.mo is older than django.po"
    ]


def test_an_update_keeps_translations_and_takes_missing_ones_from_another():
    words = _catalogue(("Light", ""), ("Target", ""), ("Actual", ""))
    kept = _catalogue(("Light", "燈號"), ("Gone", "舊字"))
    other = _catalogue(("Light", "光"), ("Target", "目標值"))
    updated = catalogue.update(words, kept, [other])
    assert {message.id: message.string for message in updated if message.id} == {
        "Light": "燈號",
        "Target": "目標值",
        "Actual": "",
    }
