"""What lies in a folder of weights, told from headers and names alone."""
