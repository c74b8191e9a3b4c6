"""What the desk shows, under the viewer's permissions."""
