"""What is to be said about a folder of footage as a whole, for people."""

from collections.abc import Sequence

from svi_studio.domain.training.footage import FootageClip


def remarks(clips: Sequence[FootageClip], *, misses_captions: bool = True) -> list[str]:
    """Sentences about the clips that are used: too few, or without captions.

    ``misses_captions``: whether the family has no words of its own for clips without any.
    """
    used = [clip for clip in clips if clip.is_used]
    silent = sum(not clip.caption for clip in used)
    problems = []
    if not used:
        problems.append("Every clip is left out: take one in by hand, or add longer videos that move.")
    elif len(used) == 1:
        problems.append("There is only one clip: a LoRA learns little else than it, so add more videos.")
    if silent and misses_captions:
        clips_have = "1 clip has" if silent == 1 else f"{silent} clips have"
        problems.append(f"{clips_have} no caption: type what can be seen, or put a NAME.txt beside each video.")
    return problems
