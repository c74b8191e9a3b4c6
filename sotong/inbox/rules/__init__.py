"""Questions about conversations and messages. Pure: no database, no clock."""
