"""What the training is fed: cropped clips, their conditions as in training, a cache of both, and batches."""
