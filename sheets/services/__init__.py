"""Bring a file in: read it, propose, ask, apply all of it or nothing, undo it."""

from sheets.services.answering import ANSWERABLE, accept_defaults, answer_batch
from sheets.services.applying import apply_batch, apply_file, rate_cards
from sheets.services.reading import (
    Content,
    options_of,
    propose_batch,
    propose_content,
    read,
    read_and_propose,
    store_upload,
)
from sheets.services.undoing import foresee_undo, undo_batch
from sheets.services.wordings import learn_wording

__all__ = [
    "ANSWERABLE",
    "Content",
    "accept_defaults",
    "answer_batch",
    "apply_batch",
    "apply_file",
    "foresee_undo",
    "learn_wording",
    "options_of",
    "propose_batch",
    "propose_content",
    "rate_cards",
    "read",
    "read_and_propose",
    "store_upload",
    "undo_batch",
]
