"""Error-Recycling Fine-Tuning: the method of the paper's section 4, on tensors, without files or models."""
