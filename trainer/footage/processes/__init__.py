"""Videos opened in processes of their own, many at once."""
