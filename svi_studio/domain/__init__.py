"""Plain values and pure functions: storyboard, takes, render plan, events. No files, no torch, no Qt."""
