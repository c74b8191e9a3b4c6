"""Housekeeping: the event log stays short, finished jobs go, jobs of dead workers are taken up again."""

from __future__ import annotations

from datetime import timedelta

from asgiref.sync import async_to_sync
from django.db.models.functions import Now
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from sotong.bus.models import Signal
from sotong.jobs.face import periodic

SIGNALS_KEPT = timedelta(hours=24)
"""A screen that was away longer reloads instead of replaying."""
JOBS_KEPT_HOURS = 48
SILENT_AFTER = 30.0
"""Seconds without a heartbeat after which a worker counts as dead."""


@periodic("jobs.trim_event_log", cron="17 * * * *")
def trim_event_log() -> None:
    """Delete signals that no screen will ask for any more."""
    Signal.objects.filter(at__lt=Now() - SIGNALS_KEPT).delete()


@periodic("jobs.trim_finished", cron="27 * * * *")
def trim_finished() -> None:
    """Delete finished jobs; what they did is recorded where it was done."""
    async_to_sync(app.job_manager.delete_old_jobs)(nb_hours=JOBS_KEPT_HOURS, include_failed=True)


@periodic("jobs.retry_stalled", cron="* * * * * */10")
def retry_stalled() -> None:
    """Take up the jobs of workers that died. Jobs are hints, so running one twice does no harm."""
    for stalled in async_to_sync(app.job_manager.get_stalled_jobs)(seconds_since_heartbeat=SILENT_AFTER):
        try:
            async_to_sync(app.job_manager.retry_job)(stalled)
        except UniqueViolation:
            # Another of the same key waits already and will do this one's work.
            async_to_sync(app.job_manager.finish_job)(stalled, Status.ABORTED, delete_job=True)
