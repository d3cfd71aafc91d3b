"""The small program that opens one `.pth` file in a process of its own, with limited memory, and writes safetensors.

A `.pth` file is a pickle. It is opened only here, only when the user converts a model, and what leaves this process is
a plain safetensors file that the rest of the program checks as it checks every other.
"""

import sys
import traceback
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import torch

from svi_studio.engine.loading.safetensors_writer import write_safetensors
from svi_studio.engine.out_of_memory import ran_out_of_memory
from svi_studio.media.limits import limit_memory

REASON = "reason: "
"""How the line on stderr begins that says why nothing was written; the lines before it are for a crash log."""

_MARGIN = 3 * 1024**3
_NESTED = ("state_dict", "model")


def main(source: Path, target: Path) -> None:
    """Writes the tensors of the `.pth` file `source` to the safetensors file `target`, under the same names."""
    is_zip = zipfile.is_zipfile(source)
    _limit_memory(_MARGIN + source.stat().st_size * (1 if is_zip else 2))
    content = torch.load(source, map_location="cpu", weights_only=True, mmap=is_zip)
    tensors = tensors_of(content)
    outline = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
    write_safetensors(target, outline, tensors.values())


class NotTensorsError(ValueError):
    """What the file holds is no table of tensors; the text is a phrase that says why."""


def tensors_of(content: Any) -> dict[str, torch.Tensor]:
    """The tensors by name in what a `.pth` file holds; raises NotTensorsError when it holds anything else."""
    for key in _NESTED:
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            content = content[key]
    if not isinstance(content, Mapping) or not content:
        raise NotTensorsError("it holds no table of tensors")
    for name, tensor in content.items():
        if not isinstance(name, str) or not isinstance(tensor, torch.Tensor):
            raise NotTensorsError(f"{str(name)[:80]!r} is not a tensor")
    return dict(content)


def reason_of(error: Exception) -> str:
    """Why the file cannot be used, in plain words: torch's own advice is to trust it, which nobody should."""
    if isinstance(error, NotTensorsError):
        return str(error)
    if ran_out_of_memory(error):
        return "it asks for more memory than such a file needs"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if type(error).__name__ == "UnpicklingError" and "weights_only" in str(error).lower():
        return "it holds something else than tensors, and none of it was run"
    return "it is damaged or cut short"


def _limit_memory(extra: int) -> None:
    """Lets this process grow by at most `extra` bytes of address space (where the system can limit it)."""
    if sys.platform == "linux":
        limit_memory(psutil.Process().memory_info().vms + extra)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except Exception as error:
        traceback.print_exception(error)
        sys.exit(REASON + reason_of(error))
