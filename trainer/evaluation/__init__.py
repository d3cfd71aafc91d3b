"""Evaluation: how far a long film drifts, with and without a LoRA."""
