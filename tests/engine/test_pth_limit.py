"""The reader of `.pth` files cannot take more memory than such a file needs."""

import errno
import mmap
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from svi_studio.engine.conversion import pth_reader
from tests.forked import exit_code_of, needs_fork

FREE, LIMITED, OTHER = 7, 8, 9


@needs_fork
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_pth_file_that_asks_for_far_more_memory_does_not_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.pth").write_bytes(b"\x80")

    def greedy(*_: Any, **__: Any) -> None:
        """What a hostile pickle makes torch do; memory that is only asked for costs this test nothing."""
        try:
            mmap.mmap(-1, pth_reader._MARGIN + (1 << 30))
        except OSError as error:
            os._exit(LIMITED if error.errno == errno.ENOMEM else OTHER)
        os._exit(FREE)

    monkeypatch.setattr(pth_reader.torch, "load", greedy)
    assert exit_code_of(lambda: pth_reader.main(tmp_path / "model.pth", tmp_path / "out")) == LIMITED
