"""Converts models from their authors' original layout, and opens `.pth` files in a process of its own."""
