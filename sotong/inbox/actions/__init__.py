"""Changes to conversations and messages."""
