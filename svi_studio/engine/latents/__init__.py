"""Between latents and pixels: the VAE, its tiles, and cheap previews."""
