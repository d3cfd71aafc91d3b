"""One way to own a process and to speak with it: packets, messages, signs of life. Neither Qt nor torch."""
