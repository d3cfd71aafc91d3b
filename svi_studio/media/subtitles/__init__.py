"""Subtitles as files and as pictures."""
