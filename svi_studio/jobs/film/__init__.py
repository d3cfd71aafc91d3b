"""The files of an open film: edits saved, takes found, facts read, exports written, away from the window's thread."""
