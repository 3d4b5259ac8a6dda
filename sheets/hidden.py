"""What a person does not see of an import that is not for their units alone."""

# Doubts that tell what is stored, and not only what the file says.
OF_WHAT_IS_STORED = frozenset(
    {
        "changed-since-year",
        "compared-with-year",
        "kpi-name-differs",
        "ksf-not-updated",
        "left",
        "name-differs",
        "plan-like-kpi",
        "removed",
        "restated",
        "restated-closed",
        "lineage-printed",
        "revision-count-differs",
        "revision-differs",
        "result-differs",
        "same-kpi",
        "same-kpi-elsewhere",
        "same-objective",
        "series-closed",
        "withdrawn",
    }
)
# The doubt that stands in their place.
HIDDEN = "held-elsewhere"


def without_stored(told: dict) -> dict:
    """Return a proposal or a verdict without values and names that are stored.

    Its doubts are rows of their own: `hidden` is for each.
    """
    shown = {**told, "differences": []}
    if "undone" in told:
        shown["undone"] = {**told["undone"], "kept": []}
    return shown


def hidden(issue: dict) -> dict:
    """Return a doubt without what it tells of what is stored.

    It keeps its number, its severity and its cell.
    """
    if issue["code"] not in OF_WHAT_IS_STORED:
        return issue
    nothing = {"params": {}, "choices": [], "default": None, "answer": None, "key": ""}
    return {**issue, **nothing, "code": HIDDEN, "learned": False}
