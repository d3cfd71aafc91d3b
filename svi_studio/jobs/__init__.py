"""Qt threads and queues: rendering, saving, decoding, scanning. The window never waits for any of them."""
