"""The worlds that templates tell stories of: who is in them, where, and what can happen after what."""
