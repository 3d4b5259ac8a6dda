import re

import django.db.models.deletion
from django.db import migrations, models

CELL = re.compile(r"[A-Z]+([0-9]+)")
A_TIME = 500


def is_open(issue):
    is_asked = issue["severity"] == "ask" or (
        issue["severity"] == "error" and issue.get("choices")
    )
    return bool(is_asked) and not issue.get("answer")


def counted(issues):
    """Count the doubts of a batch as its page tells them."""
    numbers, cells = {}, {}
    for issue in issues:
        severity = issue["severity"]
        numbers[severity] = numbers.get(severity, 0) + 1
        if issue["cell"]:
            of_sheet = cells.setdefault(issue["sheet"] or "", {})
            of_sheet[severity] = of_sheet.get(severity, 0) + 1
    waiting = [issue for issue in issues if is_open(issue)]
    return {
        "numbers": numbers,
        "cells": cells,
        "open": len(waiting),
        "open_asks": sum(issue["severity"] == "ask" for issue in waiting),
        "lasting_errors": sum(
            issue["severity"] == "error" and not issue.get("choices")
            for issue in issues
        ),
    }


def part(apps, schema_editor):
    """Keep the doubts of a proposal or a verdict in rows, and count them there."""
    ImportBatch = apps.get_model("sheets", "ImportBatch")
    ImportDoubt = apps.get_model("sheets", "ImportDoubt")
    for pk in [*ImportBatch.objects.order_by("pk").values_list("pk", flat=True)]:
        batch = ImportBatch.objects.defer("pictures", "undo").get(pk=pk)
        told = batch.verdict or batch.proposal
        if not told:
            continue
        issues = told.get("issues") or []
        places, rows = {}, []
        for number, issue in enumerate(issues, 1):
            severity, cell = issue["severity"], issue["cell"] or ""
            places[severity] = places.get(severity, 0) + 1
            found = CELL.fullmatch(cell)
            rows.append(
                ImportDoubt(
                    batch_id=pk,
                    number=number,
                    place=places[severity],
                    severity=severity,
                    sheet=issue["sheet"] or "",
                    is_of_file=issue["sheet"] is None,
                    cell=cell,
                    row=int(found[1]) if found else None,
                    code=issue["code"],
                    key=issue.get("key") or "",
                    params=issue.get("params") or {},
                    default=issue["default"] or "",
                    choices=issue.get("choices") or [],
                    answer=issue.get("answer") or "",
                    is_learned=bool(issue.get("learned")),
                    is_answerable=bool(issue.get("choices")),
                )
            )
        ImportDoubt.objects.bulk_create(rows, batch_size=A_TIME)
        told["doubts"] = counted(issues)
        for kept in (batch.proposal, batch.verdict):
            kept.pop("issues", None)
        batch.save(update_fields=["proposal", "verdict"])


def join(apps, schema_editor):
    """Keep the doubts in the proposal and the verdict again."""
    ImportBatch = apps.get_model("sheets", "ImportBatch")
    ImportDoubt = apps.get_model("sheets", "ImportDoubt")
    for pk in [*ImportBatch.objects.order_by("pk").values_list("pk", flat=True)]:
        batch = ImportBatch.objects.defer("pictures", "undo").get(pk=pk)
        issues = [
            {
                "severity": doubt.severity,
                "sheet": None if doubt.is_of_file else doubt.sheet,
                "cell": doubt.cell or None,
                "code": doubt.code,
                "message": "",
                "default": doubt.default or None,
                "params": doubt.params,
                "key": doubt.key,
                "choices": doubt.choices,
                "answer": doubt.answer or None,
                "learned": doubt.is_learned,
            }
            for doubt in ImportDoubt.objects.filter(batch=pk).order_by("number")
        ]
        for kept in (batch.proposal, batch.verdict):
            if kept:
                kept.pop("doubts", None)
                kept.pop("compared", None)
                kept.pop("told", None)
                kept["issues"] = issues
        batch.save(update_fields=["proposal", "verdict"])


class Migration(migrations.Migration):
    dependencies = [
        ("sheets", "0005_sheet_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("place", models.PositiveIntegerField()),
                ("severity", models.CharField(max_length=5)),
                ("sheet", models.TextField(blank=True)),
                ("is_of_file", models.BooleanField(default=False)),
                ("cell", models.CharField(blank=True, max_length=12)),
                ("row", models.PositiveIntegerField(null=True)),
                ("code", models.CharField(max_length=40)),
                ("key", models.TextField()),
                ("params", models.JSONField(default=dict)),
                ("default", models.TextField(blank=True)),
                ("choices", models.JSONField(default=list)),
                ("answer", models.TextField(blank=True)),
                ("is_learned", models.BooleanField(default=False)),
                ("is_answerable", models.BooleanField(default=False)),
                ("batch", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="doubts", to="sheets.importbatch")),
            ],
            options={
                "verbose_name": "doubt of an import",
                "verbose_name_plural": "doubts of imports",
                "ordering": ["batch", "number"],
                "indexes": [
                    models.Index(fields=["batch", "severity", "place"], name="import_doubt_listed"),
                    models.Index(fields=["batch", "row"], name="import_doubt_drawn"),
                ],
                "constraints": [models.UniqueConstraint(fields=("batch", "number"), name="import_doubt_once")],
            },
        ),
        migrations.RunPython(part, join),
    ]
