"""Tests of the template writer, its worlds and its pictures."""
