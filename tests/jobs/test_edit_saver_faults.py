"""Whatever the disk refuses and when: once it works again, it has the newest film, and no edit before that is lost."""

import errno
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEventLoop

from svi_studio.jobs.film.edit_saver import EditSaver
from svi_studio.project.film.project_file import Project
from tests.builders.film_parts import numbered
from tests.domain.short_edits import set_prompt
from tests.jobs.test_edit_saver import SwitchedDisk

CODES = (0, 0, 0, errno.ENOSPC, errno.EIO, errno.EDQUOT)

pytestmark = pytest.mark.usefixtures("qapp")


@settings(max_examples=15)
@given(codes=st.lists(st.tuples(st.sampled_from(CODES), st.booleans()), min_size=1, max_size=12))
def test_the_newest_film_is_on_the_disk_in_the_end(codes: list[tuple[int, bool]]) -> None:
    disk = SwitchedDisk()
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(Path(folder) / "film", numbered(2), disk)
        writer = EditSaver(project, retry_seconds=0.005)
        for number, (code, save) in enumerate(codes):
            disk.code = code
            writer.keep(set_prompt(numbered(2), "c1", f"words {number}"))
            if save:
                writer.save()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        disk.code = 0
        assert writer.close()
        assert Project.open(project.folder).storyboard.clips[0].prompt == f"words {len(codes) - 1}"
