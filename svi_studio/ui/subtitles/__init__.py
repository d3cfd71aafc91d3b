"""The subtitles of a film: a dialog to write them, and one to lay a script on speech."""
