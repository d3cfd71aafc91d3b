"""Which part of a picture the film sees: chosen with a frame over the whole picture."""
