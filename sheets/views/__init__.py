"""The pages of imports."""

from sheets.views.answers import answer_import
from sheets.views.files import annotated_import, copy_import, download_file
from sheets.views.imports import (
    apply_import,
    discard_import,
    import_detail,
    import_list,
    undo_import,
    upload_file,
)

__all__ = [
    "annotated_import",
    "answer_import",
    "apply_import",
    "copy_import",
    "discard_import",
    "download_file",
    "import_detail",
    "import_list",
    "undo_import",
    "upload_file",
]
