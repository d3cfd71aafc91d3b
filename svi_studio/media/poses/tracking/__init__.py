"""One person followed through the frames of a video, and never another."""
