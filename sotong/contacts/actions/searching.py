"""What an identity is found by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, TextField, Value

from sotong.language.tokens import index_terms


def search_value(*, handle: str, name: str) -> Func:
    """For ``Identity.search``: its name, and its handle with and without ``@``. Names are not inflected: no Kiwi."""
    terms = index_terms(f"{name}\n@{handle}\n{handle}" if handle else name)
    return Func(
        Value(terms, output_field=ArrayField(TextField())),
        function="array_to_tsvector",
        output_field=SearchVectorField(),
    )
