"""What the Models window shows: what is installed, what lies elsewhere, what can be fetched, the LoRAs."""
