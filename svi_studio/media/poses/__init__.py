"""Skeletons as files: read, written, drawn, and found in videos."""
