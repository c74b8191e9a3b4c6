"""Benchmarks: each measured against a floor or a peer in the same run, printed as a table and one verdict line."""
