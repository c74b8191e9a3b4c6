"""Contacts: the people who talk with us.

A contact groups identities (accounts on networks). Everything else refers to an identity, so that joining two contacts
and parting them again only moves identities. Words: contact, identity, handle.
"""
