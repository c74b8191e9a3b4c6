"""Changes to contacts and identities."""
