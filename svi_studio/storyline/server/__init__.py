"""Chat models on an OpenAI-compatible server: its address, its models, its key, its refusals."""
