"""The face for programs, as API.md says. Thin: it reads fields, calls a verb or a reading, and shapes the answer."""
