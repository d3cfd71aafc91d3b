"""Where the networks of a model lie while clips are made: on the card, in the computer's memory, or on the disk."""
