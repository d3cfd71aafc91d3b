"""How large an export will be, judged by the files of the takes that it is made of."""

from collections.abc import Iterable

from svi_studio.document.export.kinds import ExportKind
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO, POSTER, VIEWING_VIDEO
from svi_studio.media.formats import FFV1, H264, PNG, PRORES

_SOUND = {H264.name: 24_000, PRORES.name: 192_000, FFV1.name: 110_000}  # bytes a second
_CARD = 360  # width in pixels of a picture on a contact sheet
_CARD_WORDS = 8_000  # bytes of the words on a card


def export_bytes(
    kind: ExportKind, takes: Iterable[tuple[Take, float]], enlarge: int, *, viewing_enlarge: int, sound_seconds: float
) -> int | None:
    """Bytes of an export of ``takes``, each with the part of it that is shown, 0 to 1; None when nothing is known.

    ``viewing_enlarge`` is how many times the takes' own viewing videos are enlarged; ``sound_seconds`` of sound go in.
    Right within a factor of two or so: what repeated pixels cost was measured on enlarged films of the bundled model.
    """
    shown = [(take, part) for take, part in takes if take.files]
    if not shown:
        return None
    if kind.is_sheet:
        return round(sum(_card_bytes(take) for take, _ in shown))
    sound = _SOUND.get(kind.name, 0) * sound_seconds
    return round(sound + sum(part * _take_bytes(kind, take, enlarge, viewing_enlarge) for take, part in shown))


def _take_bytes(kind: ExportKind, take: Take, enlarge: int, viewing_enlarge: int) -> float:
    job = take.job
    if kind.name == PRORES.name:
        bits = 4.0 / max(1.0, enlarge / 4) ** 0.75
        return float(job.width * job.height * enlarge**2 * take.num_frames * bits / 8)
    if kind.name == H264.name:
        return float(_size(take, VIEWING_VIDEO) * (enlarge / viewing_enlarge) ** 1.2)
    if kind.name == PNG.name:
        return _size(take, LOSSLESS_VIDEO) * 1.2 * (1 + 0.15 * (enlarge - 1))
    return _size(take, LOSSLESS_VIDEO) * (1 + 0.28 * (enlarge - 1))


def _card_bytes(take: Take) -> float:
    shrunk = min(1.5, (_CARD / take.job.width) ** 2)
    return _CARD_WORDS + _size(take, POSTER) * shrunk


def _size(take: Take, name: str) -> int:
    return next((file.size for file in take.files if file.name == name), 0)
