"""Training: the paper theatre that the bundled model learned, and its recipe."""
