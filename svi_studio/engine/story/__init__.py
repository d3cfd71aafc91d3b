"""A Qwen-VL language model in a folder of this computer, which answers a conversation with pictures."""
