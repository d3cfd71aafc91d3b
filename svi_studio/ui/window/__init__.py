"""The window of one open film: its frame, its panels, its lines of words, and its closing."""
