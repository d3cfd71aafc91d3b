"""The dialogs of the window; each asks or tells one thing."""
