"""Tests of svi_studio.storyline.net."""
