"""Faults on a graphics card after which nothing works in this process any more, and only another one helps."""

import torch


def has_broken_the_driver(error: BaseException) -> bool:
    """Whether it was one of those; a want of memory is none."""
    return isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error)
