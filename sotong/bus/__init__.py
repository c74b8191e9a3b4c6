"""Bus: what happened, told to whoever reacts and to every open screen.

``announce(event)`` runs the AT_ONCE reactions in the same transaction, plans the LATER ones as jobs and, for events
that screens show, writes an ``event_log`` row. Words: event (past tense, frozen), reaction, signal (what a screen gets).
"""
