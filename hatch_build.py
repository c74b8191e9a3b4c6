"""A wheel ships its translations compiled: where it is installed, nobody may be allowed to write them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogs(BuildHookInterface[Any]):
    """Runs before the wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from sotong.settings.catalogs import compile_catalogs

        compile_catalogs(Path(self.root) / "sotong")
