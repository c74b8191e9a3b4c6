"""What the truth file adds up to, in memory: built from it at each start, changed only by applying a record.

Words: a *rank* is the number of the record that made a thing visible, and orders every list; *revisions* keep
what a post said at each of its versions; *feed* rows say which record concerns which account, and why.
"""
