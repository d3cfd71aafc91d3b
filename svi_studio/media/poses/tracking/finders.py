"""Which way of finding people is used: DWPose where the user has its files, else the networks that set-up fetches."""

from typing import Final

from svi_studio.domain.errors import BadInput
from svi_studio.media.poses.dwpose.files import dwpose_files, dwpose_missing
from svi_studio.media.poses.networks.network_files import networks_missing
from svi_studio.media.poses.tracking.found import PeopleFinder

BLAZE: Final = "blaze"
DWPOSE: Final = "dwpose"
FINDERS: Final = (BLAZE, DWPOSE)


def find_people_finder(name: str = "") -> PeopleFinder:
    """The finder ``name``; without one DWPose, which the Dance model was trained on, where it is, else the other.

    Raises BadInput, one sentence with the way out, when it can't be used here.
    """
    if name == DWPOSE or (not name and not dwpose_missing()):
        from svi_studio.media.poses.dwpose.people import DwPosePeople  # noqa: PLC0415 - only where it is used

        return DwPosePeople.load(*dwpose_files())
    if name not in ("", BLAZE):
        raise BadInput(f'There is no way of finding skeletons called "{name}": use {" or ".join(FINDERS)}.')
    if missing := networks_missing():
        raise BadInput(missing)
    from svi_studio.media.poses.tracking.blaze_people import BlazePeople  # noqa: PLC0415 - only where it is used

    return BlazePeople.load()


def finding_missing() -> str:
    """Why skeletons can't be found in videos here, as one sentence; empty when they can, in either way."""
    return networks_missing() if dwpose_missing() else ""
