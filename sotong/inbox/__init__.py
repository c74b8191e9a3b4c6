"""Inbox: every message that someone sent us, in conversations that someone answers.

A message is unique on (origin, remote id) and belongs to one conversation; a claim is a lease that expires.
Words: conversation, message, private note, claim, assignment, label, draft, canned response, presence.
"""
