"""Egress: the one way out to a URL. Every address is resolved, checked and pinned before a socket opens.

Words: *origin* scheme, host and port; *exemption* an origin that an administrator entered for a channel, which may
lie on a private address; *deadline* the moment by which the whole exchange must be over.
"""
