"""The LoRA that is trained: put into a transformer, loaded again, and written as a file that others read."""
