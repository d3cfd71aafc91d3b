"""Writers of stories, away from the window's thread."""
