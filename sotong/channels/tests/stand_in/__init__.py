"""A counting stand-in network: its own process, a real socket, an append-only truth file, faults on demand."""
