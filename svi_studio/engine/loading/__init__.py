"""Loads the networks of a model folder: explicit classes, safetensors only, one tensor at a time."""
