"""Tests of svi_studio.net."""
