"""Writers of stories and searches for pictures, away from the window's thread."""
