"""The face for people: the pages of the practice network, in Korean and English, by day and by night."""
