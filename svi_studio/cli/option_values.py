"""What is written behind an option, read: ranges, places, numbers; argparse tells what is wrong with any other."""

import argparse
import re
from collections.abc import Callable

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_marks import LONGEST_PAUSE, SHORTEST_PAUSE
from svi_studio.domain.film.storyboard import MAX_CLIPS, MAX_STABILITY
from svi_studio.domain.poses.click import Click
from svi_studio.domain.render.plan_wishes import PlanWishes, parse_wishes
from svi_studio.domain.story.story_brief import MOST_STORY_CLIPS
from svi_studio.domain.value import MAX_SEED

Clips = tuple[int, int]
FilmFrames = tuple[int, int | None]


def clip_range(text: str) -> Clips:
    """``4-6``, ``4`` or ``4-`` as the first and last clip, counted from 1; a missing end is 0."""
    found = re.fullmatch(r"(\d{1,6})(?:(-)(\d{1,6})?)?", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not a range of clips: write it like 4-6')
    first = int(found[1])
    last = int(found[3]) if found[3] else 0 if found[2] else first
    if first < 1 or (last and last < first):
        raise argparse.ArgumentTypeError(f'"{text}" is not a range of clips: the first is 1, and the last comes after')
    return first, last


def picture_part(text: str) -> tuple[int, int, int, int]:
    """``100,40,640,360``: left, top, width and height in pixels."""
    found = re.fullmatch(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})", text.replace(" ", ""))
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" is no part of a picture: write it like 100,40,640,360')
    left, top, width, height = map(int, found.groups())
    return left, top, width, height


def frame_range(text: str) -> FilmFrames:
    """``0-99``, ``24`` or ``24-`` as the first and last frame of the film, counted from 0; None = to the end."""
    found = re.fullmatch(r"(\d{1,9})(?:(-)(\d{1,9})?)?", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" is not a range of frames: write it like 0-99')
    first = int(found[1])
    last = int(found[3]) if found[3] else None if found[2] else first
    if last is not None and last < first:
        raise argparse.ArgumentTypeError(f'"{text}" is not a range of frames: the last comes after the first')
    return first, last


def person_at(text: str) -> Click:
    """``320,240`` or ``320,240@1.5``: x and y in pixels, and seconds."""
    number = r"(\d{1,6}(?:\.\d{1,6})?)"
    found = re.fullmatch(f"{number},{number}(?:@{number})?", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" is no place in a video: write it like 320,240 or 320,240@1.5')
    return Click(float(found[1]), float(found[2]), float(found[3] or 0))


def picture_size(text: str) -> tuple[int, int]:
    """``1280x720``: width and height in pixels."""
    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f'"{text}" is no size: write it like 1280x720')
    return int(found[1]), int(found[2])


def positive(text: str) -> float:
    """A number above 0, below 10,000."""
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", text) or not float(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not such a number: use one like 24 or 0.5')
    return float(text)


def stability(text: str) -> float:
    """How strongly a model's own LoRA counts, 0 to ``MAX_STABILITY``."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) or float(text) > MAX_STABILITY:
        raise argparse.ArgumentTypeError(f'"{text}" is not a stability: use a number from 0 to {MAX_STABILITY:g}')
    return float(text)


def number_reader(what: str, least: float, most: float) -> Callable[[str], float]:
    """Reads a number from ``least`` to ``most``; ``what`` is for the sentence that refuses anything else."""

    def read(text: str) -> float:
        if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?", text) or not least <= float(text) <= most:
            raise argparse.ArgumentTypeError(f'"{text}" is not {what}: use a number from {least:g} to {most:g}')
        return float(text)

    return read


def whole_number_reader(what: str, first: int, last: int) -> Callable[[str], int]:
    """Reads a whole number from ``first`` to ``last``; ``what`` is for the sentence that refuses anything else."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,20}", text) or not first <= int(text) <= last:
            raise argparse.ArgumentTypeError(f'"{text}" is not {what}: use a whole number from {first} to {last}')
        return int(text)

    return read


def pause(text: str) -> float:
    """Seconds of silence that part two sentences."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,9})?", text) or not SHORTEST_PAUSE <= float(text) <= LONGEST_PAUSE:
        wanted = f"use a number of seconds from {SHORTEST_PAUSE:g} to {LONGEST_PAUSE:g}"
        raise argparse.ArgumentTypeError(f'"{text}" is not a pause: {wanted}')
    return float(text)


def shift(text: str) -> float:
    """Seconds, with a minus for earlier."""
    if not re.fullmatch(r"[+-]?[0-9]{1,6}(\.[0-9]{1,9})?", text):
        raise argparse.ArgumentTypeError(f'"{text}" is not a time: use a number of seconds, with a minus for earlier')
    return float(text)


noise_shift = number_reader("a shift of the noise schedule", 0.01, 100)
boundary = number_reader("a noise level", 0.001, 0.999)
motion_amplitude = number_reader("a motion amplitude", 1, 2)
story_clips = whole_number_reader("a number of clips", 1, MOST_STORY_CLIPS)
seed = whole_number_reader("a seed", 0, MAX_SEED)
factor = whole_number_reader("a factor", 1, 32)
heads = whole_number_reader("a number of heads", 1, 1024)
lora_number = whole_number_reader("the number of a LoRA", 1, 32)
clip_number = whole_number_reader("the number of a clip", 1, MAX_CLIPS)
lora_weight = number_reader("the weight of a LoRA", -10, 10)
piece = whole_number_reader("the number of a sound", 1, 10_000)
dance_number = whole_number_reader("the number of a dance", 1, 10_000)
seconds = number_reader("a time in seconds", 0, 1_000_000)
decibels = number_reader("a gain in dB", -100, 40)
loudness = number_reader("a loudness in LUFS", -60, 0)


def memory_plan(text: str) -> PlanWishes:
    """``auto``, ``resident``, ``smallest``, or wishes like ``blocks=12,text=processor``."""
    try:
        return parse_wishes(text)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from error
