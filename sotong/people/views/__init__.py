"""The pages of people: first run, sign-in, who works here, one's own settings."""
