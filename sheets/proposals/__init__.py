"""What an import would change, and every doubt with its cell.

`propose` compares the readings of one file with the database and writes nothing.
What it returns can be shown, printed as JSON, or written by `sheets.services`.
"""

from sheets.proposals.issues import NOUNS, Issue
from sheets.proposals.proposal import Options, Proposal, propose

__all__ = ["NOUNS", "Issue", "Options", "Proposal", "propose"]
