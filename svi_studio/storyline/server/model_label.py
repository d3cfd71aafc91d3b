"""What a model on a server is called in the window, in films and in logs: its name, never a path on that computer."""

import re

_PATH = re.compile(r"^(?:[/\\\\~.]|[a-z]:[/\\\\]|file:)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:gguf|ggml|bin|safetensors|pth?|onnx|mlx)$", re.IGNORECASE)


def model_label(name: str) -> str:
    """``/home/joe/models/x.gguf`` is ``x.gguf``; ``org/model`` stays, as it is a name and no place."""
    parts = [part for part in re.split(r"[/\\]", name) if part.strip(". ")]
    is_place = _PATH.match(name) is not None or _FILE.search(name) is not None or len(parts) > _PARTS_OF_A_NAME
    return parts[-1] if is_place and len(parts) > 1 else name


_PARTS_OF_A_NAME = 3  # "host/org/model", as some hosted servers name models of others
