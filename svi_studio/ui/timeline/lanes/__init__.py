"""The lanes: one file each, and the list of them all."""
