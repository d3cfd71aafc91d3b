"""The dialog that writes the film to a file."""
