"""Qt threads: rendering, saving, decoding, scanning. The window never waits for any of them."""
