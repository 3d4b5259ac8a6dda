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
        "result-differs",
        "same-kpi",
        "withdrawn",
    }
)
# The doubt that stands in their place.
HIDDEN = "held-elsewhere"


def without_stored(told: dict) -> dict:
    """Return a proposal or a verdict without values and names that are stored.

    Its doubts keep their number, their severity and their cells.
    """
    shown = {
        **told,
        "differences": [],
        "issues": [_hidden(issue) for issue in told.get("issues", [])],
    }
    if "undone" in told:
        shown["undone"] = {**told["undone"], "kept": []}
    return shown


def _hidden(issue: dict) -> dict:
    if issue["code"] not in OF_WHAT_IS_STORED:
        return issue
    nothing = {"params": {}, "choices": [], "default": None, "answer": None, "key": ""}
    return {**issue, **nothing, "code": HIDDEN, "message": "", "learned": False}
