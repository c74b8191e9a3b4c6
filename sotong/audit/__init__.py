"""Audit: who did what, whom it touched, when and why. Rows are only ever added.

Actions write entries in their own transaction (``record``); changes that pass them by (SQL, bulk) are caught by
triggers. Words: entry, subject (the thing), contact (the person touched), reason.
"""
