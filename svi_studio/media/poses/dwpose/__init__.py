"""DWPose: what the authors of the Dance model found their poses with, where the user has its two files.

Written from the networks' published shapes and the authors' numbers; it has not been run with the real files yet.
"""
