"""Small pictures for every panel, and files that are dropped on a window."""
