"""Looking for people in videos, in a process of its own."""
