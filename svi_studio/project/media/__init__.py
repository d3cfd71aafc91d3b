"""Pictures and LoRAs of a film, copied into its folder or found again."""
