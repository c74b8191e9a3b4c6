"""Notices: what our own people are told: a channel in trouble, a delivery in doubt.

Words: notice (one thing to know, for whoever holds a permission), seen.
"""
