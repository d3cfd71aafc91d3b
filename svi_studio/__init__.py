"""SVI Studio: one storyboard in, one long film out, made clip by clip with Stable Video Infinity."""

__version__ = "0.1.0"
