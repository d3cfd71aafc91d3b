"""The subtitles of a film: their files, and their pictures for the preview."""
