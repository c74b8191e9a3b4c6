"""The doctor's checks: machine, database, house. A check looks, changes nothing, and says how to mend what it finds.

Each module has ``look(...)`` giving findings. Words: finding (one line: ok, warn or fail), mend (what to do about it).
"""
