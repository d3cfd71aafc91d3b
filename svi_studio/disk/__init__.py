"""One way to write a file: atomic, synced, never through a link, with a seam that tests use to make the disk fail."""
