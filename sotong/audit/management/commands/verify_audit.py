"""``sotong manage verify_audit``: whether the trail is whole."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from sotong.audit.queries.chain import verify_chain


class Command(BaseCommand):
    help = "Compute every seal of the audit trail again. Exits 1 when an entry or a seal was changed or is missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--digest", default="", help="The newest digest from your logs: the chain must contain it.")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_chain(known=options["digest"])
        for problem in report.problems:
            self.stderr.write(problem)
        counted = f"{report.entries} entries in {report.seals} seals, {report.waiting} waiting for theirs"
        if not report.is_whole:
            raise CommandError(f"the audit trail is not whole: {len(report.problems)} problems; {counted}")
        self.stdout.write(f"the audit trail is whole: {counted}; newest digest {report.digest or 'none yet'}")
