"""The takes of a clip as the window tells of them."""
