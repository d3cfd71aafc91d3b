"""Captions of clips: read from beside the videos, or written by a model."""
