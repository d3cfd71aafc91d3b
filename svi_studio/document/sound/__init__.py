"""The sounds under an open film: what is known of their files, how they come into the film, how they are heard."""
