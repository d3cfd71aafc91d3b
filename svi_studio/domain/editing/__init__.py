"""Edits of a storyboard: pure functions that take a film and return a new one."""
