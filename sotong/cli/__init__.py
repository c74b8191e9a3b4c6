"""The command line: ``sotong up`` runs the house, ``sotong doctor`` says what ails it, the rest are single errands.

Each command is one line in ``commands.py`` and one module with ``run()``. Words: child (a process that ``up`` runs),
refusal (why a command cannot do its work, in one sentence), errand (a command that does one thing and ends).
"""

from sotong.cli.commands import main

__all__ = ["main"]
