"""Where the puppet of the program's own pictures has its joints: no network finds those."""

import json

from svi_studio.domain.errors import StudioError
from svi_studio.domain.poses.figure import Places
from svi_studio.domain.poses.skeleton import SEEN_ABOVE
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.resource_files import resource_path

_INDEX, _JOINTS, _PUPPET = "index.json", "puppet.joints.json", "puppet"


def puppet_joints(sha256: str) -> Places | None:
    """The joints of the picture with that hash, as shares of its width and height; None where it shows no puppet."""
    folder = resource_path("storyline", "pictures")
    try:
        shown = json.loads((folder / _INDEX).read_text(encoding="utf-8"))["pictures"]
        if any(sha256 in (each["sha256"], each.get("earlier")) and each["lead"] == _PUPPET for each in shown):
            found = read_skeleton(folder / _JOINTS)
            rows = found.body[0].tolist()
            return tuple((x / found.width, y / found.height) if seen > SEEN_ABOVE else None for x, y, seen in rows)
    except (OSError, ValueError, LookupError, StudioError):
        return None  # the program's own files are damaged: a hand can still do it
    return None
