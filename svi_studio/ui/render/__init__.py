"""Rendering in the window: the bar with the one button, and the queue."""
