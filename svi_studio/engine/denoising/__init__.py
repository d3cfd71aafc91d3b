"""One clip: its condition, its prompt, the denoising loop, and what it hands to the next."""
