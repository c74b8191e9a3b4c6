"""Access: who may use which URL. Deny by default.

Every view declares its rule (``@public``, ``@signed_in``, ``@allow("permission")``); start-up fails for one that does
not, and the middleware refuses what slipped through. ``may()`` is the only authorisation function.
Words: permission (a verb on a noun, "inbox.reply"), role (a named set of permissions), grant.
"""

from sotong.access.declaring import allow, declare, public, signed_in
from sotong.access.rules import PERMISSIONS, ROLES, may

__all__ = ["PERMISSIONS", "ROLES", "allow", "declare", "may", "public", "signed_in"]
