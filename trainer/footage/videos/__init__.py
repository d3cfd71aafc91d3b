"""Videos as files: found, told apart, opened carefully, their frames brought to one shape."""
