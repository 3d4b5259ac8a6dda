"""The words for what a file may not be."""

from django.utils.translation import gettext_lazy as _

# Where a file has one of these, nothing of it was read.
REFUSALS = {
    "file-empty": _("The file is empty."),
    "file-kind": _(
        "This kind of file (%(kind)s) cannot be read yet. Please save it as .xlsx."
    ),
    "text-encoding": _(
        "Line %(line)s holds bytes that are neither Unicode (UTF-8, UTF-16) nor Big5."
        " Please save the file as UTF-8."
    ),
    "csv-quote": _("A quotation mark that opens in line %(line)s is never closed."),
    "macros-stay": _(
        "The file holds macros that cannot be taken out, so it is not kept. Please save"
        " it as .xlsx and upload that."
    ),
    "file-encrypted": _(
        "The file is protected by a password. Please remove it and upload again."
    ),
    "file-unreadable": _(
        "The file could not be read. Please open it in a spreadsheet program and"
        " save it again."
    ),
    "file-broken": _("The file is damaged and cannot be read (%(part)s)."),
    "file-too-large": _("The file is larger than allowed (%(limit)s)."),
    "too-many-entries": _("The file has too many parts (at most %(limit)s)."),
    "too-many-sheets": _("The workbook has too many sheets (at most %(limit)s)."),
    "too-many-cells": _("The workbook has too many cells (at most %(limit)s)."),
    "too-many-merges": _("The workbook has too many merged cells (at most %(limit)s)."),
    "too-much-text": _(
        "The workbook holds too much text (at most %(limit)s characters)."
    ),
    "unsafe-entry": _("A part of the file has a name that is not safe (%(part)s)."),
    "packed-too-tightly": _(
        "A part of the file unpacks to far more than it should (%(part)s)."
    ),
    "entities": _(
        "The file declares entities, which a spreadsheet never does (%(part)s)."
    ),
    "cell-too-far": _(
        "Cell %(cell)s lies too far out (at most %(rows)s rows and %(columns)s"
        " columns)."
    ),
    "text-too-long": _(
        "The text in cell %(cell)s is too long (at most %(limit)s characters)."
    ),
    "number-too-long": _(
        "The number in cell %(cell)s is too long (at most %(digits)s digits)."
    ),
}
