"""Channels: our accounts on networks, what came in by them and what goes out.

In: ``Arrival``, stored raw first. Out: ``Delivery``, intent committed before the socket opens, with its ``Attempt``s.
Words: channel, arrival, delivery, attempt, hold (the brake), check (the connection doctor's), unconfirmed.
"""
