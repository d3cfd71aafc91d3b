"""What the mouse does on the timeline, and what it sees of it."""
