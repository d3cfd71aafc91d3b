"""Clips that begin where the sound of a film says, scripts laid on its speech, and texts spoken for it."""
