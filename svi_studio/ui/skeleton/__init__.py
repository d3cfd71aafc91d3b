"""Skeletons on the screen: drawn over pictures, found in videos, aligned by hand."""
