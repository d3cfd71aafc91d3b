"""The widgets of the window, one folder a feature."""
