"""Reading the audit trail, the history of rows, and the seals."""

from sotong.audit.queries.chain import Report, verify_chain
from sotong.audit.queries.changes import Change, ChangePage, changes, tracked_models
from sotong.audit.queries.trail import Filter, Page, entries, known_actions, known_people, page

__all__ = [
    "Change",
    "ChangePage",
    "Filter",
    "Page",
    "Report",
    "changes",
    "entries",
    "known_actions",
    "known_people",
    "page",
    "tracked_models",
    "verify_chain",
]
