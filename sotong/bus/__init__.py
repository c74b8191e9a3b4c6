"""Bus: what happened, told to whoever reacts and to every open screen.

``actions.announce(event)`` runs the AT_ONCE reactions in the same transaction and, for events that screens show, writes
``event_log`` rows. Words: event (past tense, frozen), reaction, signal (what a screen gets), place (in the log).
"""
