"""What lies beside the pictures of a clip: its sound, and the skeleton of the person in it."""
