"""Tests of svi_studio.storyline.pictures."""
