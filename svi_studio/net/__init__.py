"""The only way out to other computers: every connection is judged by its address, its time and its size."""
