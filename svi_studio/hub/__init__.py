"""Model files from a hub: which are known, what the hub lists, fetched in ranges, checked and repaired."""
