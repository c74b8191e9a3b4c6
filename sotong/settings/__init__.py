"""Settings: what an operator may change (``options.py``) and what is fixed (``site.py``, Django's settings module).

Words: option, data folder.
"""
