"""The window's end of the renderer: the queue of a film, and whose turn it is to compute."""
