"""The window's end of the renderer, and whose turn it is to compute."""
