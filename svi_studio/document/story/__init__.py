"""What the story window shows, without widgets."""
