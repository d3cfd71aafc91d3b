"""What is rendered and what waits: the queue, offers, and what the window says about them."""
