"""What was answered before: the same question offers that answer again."""

from sheets.models import ImportBatch
from sheets.proposals.questions import topic_of

# Answers of so many imports are remembered, the newest last.
REMEMBERED = 100


def learned_for(batch: ImportBatch) -> dict[str, str]:
    """Return earlier answers by topic, the newest of each. One query.

    Those of imports by the same person, or of the same unit, count.
    """
    applied = ImportBatch.objects.filter(status=ImportBatch.Status.APPLIED)
    answered = applied.exclude(answers={}).exclude(pk=batch.pk).order_by("-applied_at")
    learned: dict[str, str] = {}
    for unit_id, by_id, answers in answered.values_list(
        "unit_id", "uploaded_by_id", "answers"
    )[:REMEMBERED]:
        is_near = by_id == batch.uploaded_by_id or (
            unit_id is not None and unit_id == batch.unit_id
        )
        if is_near:
            for key, choice in answers.items():
                learned.setdefault(topic_of(key), choice)
    return learned
