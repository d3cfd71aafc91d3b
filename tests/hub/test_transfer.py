"""A thread that still brings the file as it was before it began anew touches nothing of what came since."""

import threading
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.hub.byte_ranges import Range
from svi_studio.hub.coming_file import ComingFile, Wanted, coming
from svi_studio.hub.hub import hub_of_environment
from svi_studio.hub.listing import HubFile
from svi_studio.hub.transfer import transfer
from svi_studio.net.errand import never
from tests.hub.local_hub import REPOSITORY, LocalHub, standing

NAME = "transformer/one.safetensors"


def begun(folder: Path, hub: LocalHub) -> ComingFile:
    """The hub's one file, with nothing of it here yet."""
    known = HubFile(NAME, len(hub.files[NAME]), hub.sha256(NAME))
    file = coming(Wanted(known, "one.safetensors"), REPOSITORY, hub.commit, folder, REAL_DISK)
    file.part.open()
    return file


def brought(hub: LocalHub, file: ComingFile, turn: int) -> int:
    """How many bytes come by one transfer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_ENDPOINT", hub.url)
        ours = hub_of_environment()
    span, changed = Range(0, 1_000), threading.Condition()
    return sum(transfer(ours, file, span, turn=turn, ends=never, changed=changed))


def test_a_range_comes(tmp_path: Path) -> None:
    with standing(LocalHub({NAME: b"a" * 5_000})) as hub:
        assert brought(hub, begun(tmp_path, hub), turn=0) == 1_000


def test_an_older_beginning_asks_for_nothing_when_the_file_has_its_name_already(tmp_path: Path) -> None:
    with standing(LocalHub({NAME: b"a" * 5_000})) as hub:
        file = begun(tmp_path, hub)
        file.turn = 1
        file.part.publish()
        assert brought(hub, file, turn=0) == 0
        assert not hub.seen


def test_an_older_beginning_leaves_the_new_tag_alone(tmp_path: Path) -> None:
    with standing(LocalHub({NAME: b"a" * 5_000})) as hub:
        file = begun(tmp_path, hub)

        def begins_anew(*_: object) -> bool:
            file.turn = 1
            return False

        hub.before = begins_anew
        assert brought(hub, file, turn=0) == 0
        assert file.part.tag == ""
        assert not file.is_known_good
