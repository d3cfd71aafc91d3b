"""LoRA files: understood in every known form, fitted, merged and taken out again."""
