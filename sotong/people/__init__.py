"""People: who works here.

A person signs in, holds roles (what they may use), a level of authority (what they may promise) and belongs to teams.
Words: person, team, role, authority, invitation, owner (the first administrator), company.
"""
