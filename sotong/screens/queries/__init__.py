"""What the composed pages show, ready for their templates."""
