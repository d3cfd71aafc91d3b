"""What the training window shows, without widgets."""
