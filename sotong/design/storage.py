"""Static files under hashed names, JavaScript modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashes names, also inside ``import`` statements, so that a browser may keep every file for ever.

    A name that the manifest does not know keeps its plain form: before ``collectstatic`` has run (tests, a fresh
    checkout) that is every name.
    """

    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        """The hashed name of ``name``, or ``name`` itself."""
        clean = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(clean), name))
