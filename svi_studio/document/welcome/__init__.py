"""What the welcome shows, without widgets."""
