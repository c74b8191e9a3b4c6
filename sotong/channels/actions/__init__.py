"""What can be done with channels, by noun."""
