"""The practice network (연습 네트워크): a small social network on this machine, for learning and for tests.

It runs in its own process (``sotong_practice``) and is reached over HTTP like any other network; its API is described
in ``sotong_practice/API.md``. Words: *exchange* the direct messages between two accounts; *key* the idempotency key.
"""
