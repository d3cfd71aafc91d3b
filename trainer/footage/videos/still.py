"""A picture as footage: it is read as a video whose one frame stays on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.media.demuxers import A_PICTURE, read_head, sniff, what_it_is
from svi_studio.media.images import open_reference
from svi_studio.media.pictures.moving import is_single_gif

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


def is_picture(path: Path) -> bool:
    """Whether the file is a picture, by its content. Raises BadInput when there is none or it cannot be read.

    So is a GIF of one frame, and so is what moves in a picture's file, of which the first frame is read.
    """
    head = read_head(path)
    demuxer = sniff(head)
    return is_single_gif(path) if demuxer == "gif" else demuxer is None and what_it_is(head) == A_PICTURE


def read_picture(path: Path) -> Frames:
    """The picture at ``path``, upright, as uint8 ``[H, W, 3]``, RGB. Raises BadInput."""
    return np.asarray(open_reference(path), np.uint8)
