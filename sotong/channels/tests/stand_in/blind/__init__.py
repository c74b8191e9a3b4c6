"""The stand-in as a network without keys and without a look-up: only a person can tell."""
