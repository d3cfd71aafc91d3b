"""Clips from the sound of a film, and texts spoken for it."""
