"""Small controls that the panels share: each shows one value and says when the user changed it."""
