"""Opens and makes films, and puts everything that belongs to one together."""
