"""Korean and English text, without Django and without the network: what every area may ask about a piece of writing.

Words: a *word* is what a person typed between spaces; a *lexeme* is what the search index holds (a word, a piece of
it, or a pair of syllables); a *piece* is a noun or a stem that Kiwi found; a *reading* is one way to take a word
apart. Kiwi lives only in the language process; whoever asks it must do without when it is late.
"""
