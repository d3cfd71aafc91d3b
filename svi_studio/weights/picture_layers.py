"""Which layers of a Wan look at pictures through CLIP: Wan 2.1 for pictures has them, Wan 2.2 has not."""

import re

_LOOKS = re.compile(r"(?:.*[._])?(?:[kv]_img|norm_k_img|img_emb|add_[kv]_proj|norm_added_k|image_embedder)(?:[._].*)?")


def looks_at_pictures(name: str) -> bool:
    """Whether the layer or tensor called ``name`` is one, by Wan's own names, diffusers', or those of a LoRA file."""
    return _LOOKS.fullmatch(name) is not None
