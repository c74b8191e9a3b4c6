"""The server's settings for one machine that it shares with the rest of the product."""

from __future__ import annotations

import os
from pathlib import Path

from sotong.postgres.folders import Layout

MEGABYTE = 1024 * 1024
CONNECTIONS = 100
"""What the server admits at least."""
RESERVED = 3
"""Of them for its administrator alone (superuser_reserved_connections)."""


def memory_bytes() -> int:
    """This machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def buffers_megabytes(memory: int) -> int:
    """The server's own cache: an eighth of the memory, from 64 MB to 1 GB, for it shares the machine."""
    return max(64, min(1024, memory // 8 // MEGABYTE))


def settings_for(layout: Layout, socket: Path, *, memory: int, durable: bool, connections: int) -> dict[str, str]:
    """Everything given on the server's command line, where it wins over the cluster's own files.

    ``connections``: how many it must have room for (``sotong.settings.connections``).
    Statements and their values never reach the log: they hold what people wrote.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "hba_file": str(layout.folder / "hba.conf"),
        "ident_file": str(layout.folder / "ident.conf"),
        "max_connections": str(max(CONNECTIONS, connections + RESERVED)),
        "superuser_reserved_connections": str(RESERVED),
        "shared_buffers": f"{buffers_megabytes(memory)}MB",
        "effective_cache_size": f"{max(128, memory // 2 // MEGABYTE)}MB",
        "maintenance_work_mem": "128MB",
        "work_mem": "8MB",
        "random_page_cost": "1.1",
        "wal_compression": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_destination": "stderr",
        "logging_collector": "off",
        "log_line_prefix": "",
        "log_statement": "none",
        "log_checkpoints": "off",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum_naptime": "10s",
        }
    return settings
