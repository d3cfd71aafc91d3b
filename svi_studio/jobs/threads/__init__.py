"""Threads with an owner: named, asked to stop, joined."""
