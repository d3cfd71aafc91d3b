"""Sound that is heard: the computer's devices, and the thread that feeds them with the film's mix."""
