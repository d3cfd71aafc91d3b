"""The messages between the window and the worker: length-prefixed JSON, with bytes after it where there are any."""
