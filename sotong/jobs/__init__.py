"""Jobs: work for later, kept in PostgreSQL and enqueued in the transaction that needs it.

A job is a hint to look; the row that it names is the truth. A job that is lost, doubled or late therefore does no harm:
periodic sweeps look again. Words: job, sweep, queue.
"""
