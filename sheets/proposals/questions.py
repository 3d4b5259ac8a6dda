"""What may be answered to a doubt, what was answered, and what was answered before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sheets.forms.headings import bare_heading
from sheets.forms.readings import Severity
from sheets.proposals.issues import Issue

ALIAS = "alias:"
NEW_SECTION = "new-section"
SKIP = "skip"
# What may be chosen where the doubt itself does not say; "" is its default.
CHOICES = {
    "direction-negative": ("negative", "positive", "unconfirmed"),
    "direction-doubtful": ("unconfirmed", "negative", "positive"),
    "restated": ("keep", "restate"),
    "name-differs": ("table", "map"),
    "code-completed": ("", SKIP),
    "code-glued": ("", SKIP),
    "code-from-date": ("", SKIP),
    "parts-differ": ("words",),
}


def topic_of(key: str) -> str:
    """Return what a question is about, wherever it stands: its key without its cell."""
    code, *rest = key.split("|")
    told = rest if code == "unknown-unit" else rest[2:]
    if code == "unknown-column":
        # 111年推估水準 is the question that 112年推估水準 was.
        told = [bare_heading(heading) for heading in told]
    return "|".join((code, *told))


@dataclass(slots=True)
class Questions:
    """Puts the answers of a person, and those of earlier imports, on issues.

    `answers` are by the key of an issue, `learned` by topic.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    learned: Mapping[str, str] = field(default_factory=dict)

    def put(self, issue: Issue) -> Issue:
        """Return the issue with its choices, its answer and the default of before."""
        choices = issue.choices or tuple(
            choice or issue.default or "" for choice in CHOICES.get(issue.code, ())
        )
        if issue.severity is Severity.ASK and not choices and issue.default:
            choices = (issue.default,)
        if not choices:
            return issue
        default, is_learned = issue.default, issue.is_learned
        earlier = self.learned.get(topic_of(issue.key))
        if earlier in choices and earlier != choices[0]:
            choices = (earlier, *(one for one in choices if one != earlier))
            default, is_learned = earlier, True
        answer = self.answers.get(issue.key)
        return replace(
            issue,
            choices=choices,
            default=default,
            is_learned=is_learned,
            answer=answer if is_possible(answer, choices) else None,
        )


def is_possible(answer: str | None, choices: tuple[str, ...]) -> bool:
    """Say whether `answer` is one of `choices`; an alias may be of any unit."""
    if answer is None:
        return False
    takes_alias = any(choice.startswith(ALIAS) for choice in choices)
    may_be_any = takes_alias or NEW_SECTION in choices
    return answer in choices or (may_be_any and answer.startswith(ALIAS))
