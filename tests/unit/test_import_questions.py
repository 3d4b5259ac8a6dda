"""What may be answered to a doubt, and what an earlier answer offers."""

from dataclasses import replace

from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue
from sheets.proposals.questions import Questions, topic_of

DIRECTION = Issue(
    Severity.ASK,
    "平衡計分卡",
    "C7",
    "direction-doubtful",
    {"code": "AP1.2", "name": "再犯率", "evidence": "再犯"},
    "unconfirmed",
)


def test_a_question_has_the_same_key_in_every_proposal_of_its_file():
    later = replace(DIRECTION, params={**DIRECTION.params, "evidence": "3 → 2"})
    assert DIRECTION.key == later.key == "direction-doubtful|平衡計分卡|C7|再犯率"


def test_two_questions_of_one_cell_have_two_keys():
    asked = Issue(Severity.ASK, "", "A1", "restated", {"code": "A1", "printed": "3"})
    other = replace(asked, params={"code": "A2", "printed": "3"})
    assert asked.key != other.key


def test_an_unknown_unit_has_one_key_for_all_its_spellings_and_cells():
    keys = {
        Issue(Severity.ERROR, "表", cell, "unknown-unit", {"name": name}).key
        for cell, name in (("K4", "火星組"), ("K5", "火 星組"), ("O6", "火星組、"))
    }
    assert keys == {"unknown-unit|火星組"}


def test_the_same_question_of_next_year_offers_the_earlier_answer():
    questions = Questions(learned={topic_of(DIRECTION.key): "negative"})
    next_year = replace(
        DIRECTION, cell="D9", params={**DIRECTION.params, "code": "BP2.1"}
    )
    asked = questions.put(next_year)
    assert (asked.default, asked.is_learned) == ("negative", True)
    assert asked.choices == ("negative", "unconfirmed", "positive")
    assert asked.answer is None


def test_an_answer_that_is_no_choice_answers_nothing():
    assert Questions({DIRECTION.key: "upwards"}).put(DIRECTION).answer is None
    assert Questions({DIRECTION.key: "positive"}).put(DIRECTION).choice == "positive"


def test_what_is_not_asked_has_no_choices():
    note = Issue(Severity.NOTE, "表", None, "left", {"noun": "kpis"})
    assert Questions({note.key: "skip"}).put(note) == note
