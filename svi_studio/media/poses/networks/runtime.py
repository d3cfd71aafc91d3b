"""Runs one network file on the processor, picture by picture."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.media.poses.networks.network_files import NetworkFile, network_bytes

Numbers = NDArray[np.float32]


class Network(Protocol):
    """A picture in, arrays out."""

    def __call__(self, picture: Numbers) -> list[Numbers]:
        """``picture`` float32 ``[side, side, 3]`` RGB in the network's own range; its outputs in their order."""
        ...


class TfliteNetwork:
    """A .tflite file in ai-edge-litert. Used by one thread."""

    def __init__(self, file: NetworkFile, folder: Path | None = None, threads: int = 1) -> None:
        """Loads ``file``, whose hash is checked. Raises BadInput where it or the runtime is missing."""
        content = network_bytes(file, folder)
        try:
            from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - not made for every system
        except (ImportError, OSError) as error:
            raise BadInput(f"Skeletons can't be found here: ai-edge-litert does not load ({error}).") from error
        self._interpreter: Any = Interpreter(model_content=content, num_threads=threads)
        self._interpreter.allocate_tensors()
        self._input: int = self._interpreter.get_input_details()[0]["index"]
        self._outputs: list[int] = [each["index"] for each in self._interpreter.get_output_details()]

    def __call__(self, picture: Numbers) -> list[Numbers]:
        """See ``Network``."""
        self._interpreter.set_tensor(self._input, np.ascontiguousarray(picture[None], np.float32))
        self._interpreter.invoke()
        return [np.asarray(self._interpreter.get_tensor(each), np.float32) for each in self._outputs]
