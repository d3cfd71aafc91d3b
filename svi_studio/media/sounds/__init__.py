"""Sounds under a film: decoded once, kept ready to be read anywhere and drawn at any zoom, mixed with the film."""
