"""The practice network (연습 네트워크): a small social network in its own process, for rehearsing.

It imports nothing of Sotong and knows no Django; Sotong speaks to it only through the API in API.md.
Words: an *account* writes *posts* (a reply belongs to a *thread*, named by its *root*) and direct *messages*
(an *exchange* has two people); the *feed* is what concerns an account; the *truth file* is the append-only record.
"""
