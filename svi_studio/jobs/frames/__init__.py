"""Frames of takes, decoded in a thread of its own into a bounded cache."""
