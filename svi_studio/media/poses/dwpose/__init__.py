"""DWPose: what the authors of the Dance model found their poses with, where the user has its two files."""
