"""Somebody's videos, frame by frame as they are meant to be seen."""
