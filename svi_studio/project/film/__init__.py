"""The project folder: its file, its journal of edits, and whatever names a film."""
