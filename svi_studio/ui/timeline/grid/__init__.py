"""The clips as a grid of cards."""
