"""Sotong (소통): a company as its own medium, talking with people as equals."""

__version__ = "0.1.0.dev0"
