"""How much a picture looks like the only places that a small model can draw: counted in pixels, without a network."""

from typing import TYPE_CHECKING

from svi_studio.domain.pictures.picture_look import middle_of_shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    Pixels = NDArray[np.int16]  # [H, W, 3], or [N * H, W, 3] for N places
    Columns = NDArray[np.int64]  # [places x shifts, W]: how many pixels of each column are as in the place

_SEAM_STEP = 4  # pixels between the seams that are tried


def likeness(picture: "Image.Image", places: "Image.Image", size: tuple[int, int], tolerance: int) -> float:
    """The share, 0 to 1, of ``picture`` that is as in one of ``places``, or as in two of them side by side.

    ``places`` are pictures of ``size`` (width, height in pixels) one below the other; each goes on at its other side.
    A pixel is as in a place when no channel differs by more than ``tolerance`` levels. Of the upper and the lower
    half the one that is less alike counts: a blue sky makes no beach. What stands in front of the place lowers the
    share by as much as it covers. Looked at are the whole picture and its middle of that shape; the better one counts.
    """
    from PIL import Image  # noqa: PLC0415 - a film opens without it

    views = {(0, 0, *picture.size), middle_of_shape(*picture.size, size)}
    looks = (picture.resize(size, Image.Resampling.BOX, box=view) for view in sorted(views))
    backdrops = _pixels(places)
    return max(_share(_pixels(look), backdrops, tolerance) for look in looks)


def _pixels(picture: "Image.Image") -> "Pixels":
    import numpy as np  # noqa: PLC0415 - the window opens without it

    return np.asarray(picture.convert("RGB"), dtype=np.int16)


def _share(look: "Pixels", places: "Pixels", tolerance: int) -> float:
    """The likeness of one picture that has the size of the places."""
    import numpy as np  # noqa: PLC0415 - late, as above

    if np.ptp(look, axis=(0, 1)).max() <= tolerance:
        return 0.0  # one plain colour is as in a sky, but no place
    height, width = look.shape[:2]
    alike = np.stack(
        [
            np.abs(np.roll(place, shift, axis=1) - look).max(-1) <= tolerance
            for place in places.reshape(-1, height, width, 3)
            for shift in range(width)
        ]
    )
    upper, lower = alike[:, : height // 2].sum(1), alike[:, height // 2 :].sum(1)
    seams = range(0, width, _SEAM_STEP)
    half = width * (height // 2)
    return float(max(min(*_best(upper, lower, seam)) / half for seam in seams))


def _best(upper: "Columns", lower: "Columns", seam: int) -> tuple[int, int]:
    """Pixels that are alike in the upper and the lower half, with the best place at each side of ``seam`` (columns)."""
    counts = [0, 0]
    for part in (slice(seam), slice(seam, None)):
        above, below = upper[:, part].sum(1), lower[:, part].sum(1)
        best = int((above + below).argmax())
        counts[0] += int(above[best])
        counts[1] += int(below[best])
    return counts[0], counts[1]
