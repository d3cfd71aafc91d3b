"""Teach the model a look of your own: footage in, a LoRA out, and how the training goes."""
