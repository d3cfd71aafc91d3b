"""The kinds of film that can be written, as data: codec, container, and whether pixels stay exact."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from svi_studio.domain.errors import BadInput


@dataclass(frozen=True)
class FilmFormat:
    """One way to write a film.

    ``exact`` formats keep every pixel as it was made and are never enlarged by themselves;
    ``even`` formats need an even width and height because their colour is stored at half size.
    """

    name: str
    title: str
    suffix: str
    video: tuple[str, ...]
    sound: tuple[str, ...]
    container: tuple[str, ...]
    exact: bool = False
    even: bool = True
    one_file: bool = True


_BT709 = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")

H264 = FilmFormat(  # without the offsets a player that knows no edit lists would show the sound 62 ms early
    name="mp4",
    title="H.264 in mp4, plays anywhere",
    suffix=".mp4",
    video=("-c:v", "libx264", "-preset", "medium", "-pix_fmt", "yuv420p", *_BT709),
    sound=("-c:a", "aac", "-b:a", "192k"),
    container=("-movflags", "+faststart+negative_cts_offsets", "-f", "mp4"),
)
PRORES = FilmFormat(
    name="prores",
    title="Apple ProRes 422 HQ, for editing",
    suffix=".mov",
    video=("-c:v", "prores_ks", "-profile:v", "3", "-vendor", "apl0", "-pix_fmt", "yuv422p10le", *_BT709),
    sound=("-c:a", "pcm_s24le"),
    container=("-movflags", "+faststart", "-f", "mov"),
)
FFV1 = FilmFormat(
    name="ffv1",
    title="FFV1 in Matroska, every pixel kept exactly",
    suffix=".mkv",
    video=("-c:v", "ffv1", "-level", "3", "-g", "1", "-slicecrc", "1", "-pix_fmt", "bgr0"),
    sound=("-c:a", "flac"),
    container=("-f", "matroska"),
    exact=True,
    even=False,
)
PNG = FilmFormat(
    name="png",
    title="a folder of PNG pictures, every pixel kept exactly",
    suffix="",
    video=(),
    sound=(),
    container=(),
    exact=True,
    even=False,
    one_file=False,
)

CONTACT_SHEET = "contact-sheet"
"""Not a kind of film, but what an export can write too: the film on one picture."""

FORMATS: Mapping[str, FilmFormat] = MappingProxyType({each.name: each for each in (H264, PRORES, FFV1, PNG)})


def choose_format(path: Path, name: str | None = None) -> FilmFormat:
    """The format called ``name``, or the one that the ending of ``path`` asks for; raises BadInput on a mismatch."""
    by_suffix = {each.suffix: each for each in FORMATS.values()}
    if name is None:
        if path.suffix.lower() in by_suffix:
            return by_suffix[path.suffix.lower()]
        endings = ".mp4, .mov or .mkv, or no ending for a folder of pictures"
        raise BadInput(f'"{path.name}" does not end like a film that this program writes; use {endings}.')
    if name not in FORMATS:
        raise BadInput(f'The format "{name}" is not known; choose one of {", ".join(FORMATS)}.')
    chosen = FORMATS[name]
    if path.suffix.lower() != chosen.suffix:
        wanted = chosen.suffix or "no ending, it is a folder"
        raise BadInput(
            f'"{path.name}" does not fit the format {name} ({chosen.title}); its ending should be: {wanted}.'
        )
    return chosen


def quality_to_crf(quality: int) -> int:
    """x264's crf for a quality of 0 (worst) to 10 (best), on the scale that imageio-ffmpeg uses; 8 gives 10."""
    if not 0 <= quality <= 10:
        raise BadInput(f"The quality is {quality}; it goes from 0 to 10.")
    return int((1 - quality / 10) * 51)
