"""One clip's job and its takes: everything that decides their pixels, and the hash over it."""
