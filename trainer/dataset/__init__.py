"""What the training is fed: `from_footage.clip_sources` names its clips, `prepare.Dataset.batches` encodes them."""
