"""Bluesky: an account on the AT Protocol, on the public network or on a PDS of one's own.

Words: *PDS* the server that keeps an account's records; *AppView* the service that builds notifications, threads and
search, reached through the PDS; *record key* the last part of a record's address, chosen by us before the call;
*facet* a link, mention or tag over a range of UTF-8 bytes; *cid* the hash of a record, its revision.
"""
