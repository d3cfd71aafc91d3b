"""One .onnx network, as little of it as is used."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput

Numbers = NDArray[np.float32]


class Session(Protocol):
    """A network with one input."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width that it takes."""
        ...

    def run(self, picture: Numbers) -> list[Numbers]:
        """``picture`` float32 ``[1, 3, height, width]``; its outputs in its own order."""
        ...


class OnnxSession:
    """See ``Session``; run by onnxruntime on the processor."""

    def __init__(self, path: Path) -> None:
        """Loads ``path``. Raises BadInput when it is no such network, or onnxruntime does not load."""
        try:
            import onnxruntime  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415

            self._session: Any = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            found = self._session.get_inputs()[0]
        except Exception as error:  # onnxruntime has errors of its own, whose classes are not public
            raise BadInput(f'"{path}" is not usable with onnxruntime ({_short(error)}): get it again.') from error
        self._name = found.name
        sides = [side if isinstance(side, int) else 0 for side in found.shape[2:4]]
        self.size = (sides[0], sides[1])

    def run(self, picture: Numbers) -> list[Numbers]:
        """See ``Session``."""
        return [np.asarray(each, np.float32) for each in self._session.run(None, {self._name: picture})]


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
