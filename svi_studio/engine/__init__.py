"""The torch side: conditioning, denoising loop, LoRA, decoding, and the chain that turns a plan into takes."""

from svi_studio.engine.numerics import round_alike_on_any_cores

round_alike_on_any_cores()
