"""The torch side: conditioning, denoising loop, LoRA, decoding, and the chain that turns a plan into takes."""
