"""The three ways in which programs name the tensors of a LoRA for Wan."""

from typing import Final, Literal

LoraNames = Literal["authors", "peft", "comfyui"]
"""``authors``: SVI's own program, ``pipe.dit.blocks.0.self_attn.q.lora_A.default.weight``. ``peft``: diffusers and
peft, ``transformer.blocks.0.attn1.to_q.lora_A.weight``. ``comfyui``: ComfyUI and kohya's programs,
``diffusion_model.blocks.0.self_attn.q.lora_down.weight``, with an ``alpha``.
"""

LORA_NAMES: Final[tuple[LoraNames, ...]] = ("authors", "peft", "comfyui")
