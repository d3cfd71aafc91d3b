"""Skeletons in real videos that packages ship: what is found, how often, and what a puppet makes of it."""
