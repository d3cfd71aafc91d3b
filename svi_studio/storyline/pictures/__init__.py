"""Openly licensed pictures from the internet, as starting pictures of a story."""
