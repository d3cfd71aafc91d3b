import errno
import os
from pathlib import Path

import pytest

from svi_studio.domain.errors import DiskFull, StudioError, from_os_error


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_no_room_on_the_disk_is_its_own_error(code: int) -> None:
    assert isinstance(from_os_error(OSError(code, os.strerror(code)), Path("film.mp4")), DiskFull)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.ENOENT])
def test_every_fault_of_the_disk_is_one_sentence_with_the_path(code: int) -> None:
    text = str(from_os_error(OSError(code, os.strerror(code)), Path("film.mp4")))
    assert "film.mp4" in text and text.endswith(".") and "\n" not in text and "Errno" not in text


def test_every_error_stops_a_program_with_another_code_than_0() -> None:
    kinds: list[type[StudioError]] = [StudioError, *StudioError.__subclasses__()]
    assert all(kind.exit_code > 0 for kind in kinds)
