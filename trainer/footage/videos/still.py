"""A picture as footage: it is read as a video whose one frame stays on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.media.demuxers import A_PICTURE, read_head, sniff, what_it_is
from svi_studio.media.images import open_reference

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


def is_picture(path: Path) -> bool:
    """Whether the file is a picture, by its content. Raises BadInput when there is none or it cannot be read."""
    head = read_head(path)
    return sniff(head) is None and what_it_is(head) == A_PICTURE


def read_picture(path: Path) -> Frames:
    """The picture at ``path``, upright, as uint8 ``[H, W, 3]``, RGB. Raises BadInput."""
    return np.asarray(open_reference(path), np.uint8)
