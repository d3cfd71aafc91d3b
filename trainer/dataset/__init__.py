"""What the training is fed: `held_out.clip_sets` names its clips, `prepare.Dataset.batches` encodes them."""
