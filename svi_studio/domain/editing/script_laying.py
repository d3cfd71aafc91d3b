"""A script laid on speech: which of its lines is said when, judged by how long lines and sentences are."""

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_marks import Span
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.film.subtitles import LONGEST_MS, MOST_CUES, SHORTEST_MS, Cue, plain_words

MOST_SCRIPT = 1_000_000
"""Letters of a script: a film of ten hours."""

_SENTENCE = re.compile(r".+?(?:[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？]+|$)")
_STAYS_MS = 400  # a title stays a little after its words, where there is room
_MOST_TOGETHER = 8
_NEAR = 40  # lines and sentences that a match may be away from the even one


class _Match(NamedTuple):
    """Lines ``first_line`` up to ``line`` are said in the sentences ``first`` up to ``sentence``."""

    first_line: int
    line: int
    first: int
    sentence: int


def script_lines(text: str) -> tuple[str, ...]:
    """The lines of a script that somebody says; a script that is one long line is divided where sentences end.

    Raises BadInput for no words at all, and for more than a film can show.
    """
    if len(text) > MOST_SCRIPT:
        raise BadInput(f"This script has more than {MOST_SCRIPT:,} letters: divide it, and lay one part at a time.")
    lines = [words for line in text.splitlines() if (words := plain_words(line))]
    if len(lines) == 1:
        lines = [words for part in _SENTENCE.findall(lines[0]) if (words := plain_words(part))]
    if not lines:
        raise BadInput("There are no words to lay on the speech: write what is said, one sentence a line.")
    if len(lines) > MOST_CUES:
        raise BadInput(
            f"This script has {len(lines):,} lines; a film takes {MOST_CUES:,} subtitles at most: divide it."
        )
    return tuple(lines)


def lay_script(lines: Sequence[str], sentences: Sequence[Span], stop: int) -> tuple[Cue, ...]:
    """A subtitle for each line, in the order of time, over the ``sentences`` of speech, in samples of the film.

    As many lines as sentences go one to one. Otherwise lines share a sentence, or a line takes several, so that long
    lines meet long stretches of speech; lines in one sentence share its time by their letters. Without any speech they
    share all the time up to ``stop``.
    """
    spans = list(sentences) or [Span(0, max(stop, 1))]
    if len(lines) == len(spans):
        matches = [_Match(place, place + 1, place, place + 1) for place in range(len(lines))]
    else:
        matches = _matched([_letters(line) for line in lines], [span.stop - span.start for span in spans])
    cues: list[Cue] = []
    for match in matches:
        start, end = spans[match.first].start, spans[match.sentence - 1].stop
        cues += _shared(lines[match.first_line : match.line], start, end)
    return _stay_a_little(cues)


def words_in(cues: Sequence[Cue], start: int, stop: int) -> str:
    """What is said between two samples of the film: the cues whose middle lies there, as one line."""
    first, last = _ms(start), _ms(stop)
    said = [cue.text.replace("\n", " ") for cue in cues if first <= (cue.start + cue.stop) // 2 < last]
    return " ".join(said)


def _letters(line: str) -> int:
    return sum(not letter.isspace() for letter in line) + 2  # a breath at its end


def _matched(lines: Sequence[int], spans: Sequence[int]) -> list[_Match]:
    """The way through lines and sentences on which shares of letters and of time differ least (dynamic programming)."""
    said, lasted = _shares(lines), _shares(spans)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    for line in range(1, len(lines) + 1):
        even = line * len(spans) / len(lines)
        for span in range(max(1, int(even) - _NEAR), min(len(spans), int(even) + _NEAR) + 1):
            ways = [(line - 1, span - back) for back in range(1, min(_MOST_TOGETHER, span) + 1)]
            ways += [(line - back, span - 1) for back in range(2, min(_MOST_TOGETHER, line) + 1)]
            found = [
                (best[way][0] + (said[line] - said[way[0]] - lasted[span] + lasted[way[1]]) ** 2, way)
                for way in ways
                if way in best
            ]
            if found:
                best[line, span] = min(found)
    return _way_back(best, len(lines), len(spans)) or _evenly(len(lines), len(spans))


def _way_back(best: dict[tuple[int, int], tuple[float, tuple[int, int]]], lines: int, spans: int) -> list[_Match]:
    place, found = (lines, spans), []
    while place != (0, 0):
        if place not in best:
            return []
        before = best[place][1]
        found.append(_Match(before[0], place[0], before[1], place[1]))
        place = before
    return found[::-1]


def _evenly(lines: int, spans: int) -> list[_Match]:
    """Where many more are of one kind than of the other: in equal parts."""
    parts = min(lines, spans)
    edges = [(round(part * lines / parts), round(part * spans / parts)) for part in range(parts + 1)]
    return [_Match(one[0], two[0], one[1], two[1]) for one, two in pairwise(edges)]


def _shares(sizes: Sequence[int]) -> list[float]:
    total = sum(sizes)
    return [0.0, *(each / total for each in accumulate(sizes))]


def _shared(lines: Sequence[str], start: int, end: int) -> list[Cue]:
    """The lines share the time from one sample to another by their letters; none is shorter than can be seen."""
    shares = _shares([_letters(line) for line in lines])
    edges = [_ms(round(start + share * (end - start))) for share in shares]
    cues: list[Cue] = []
    for text, (first, last) in zip(lines, pairwise(edges), strict=True):
        begin = min(max(first, cues[-1].stop if cues else 0), LONGEST_MS - SHORTEST_MS)
        cues.append(Cue(start=begin, stop=min(max(last, begin + SHORTEST_MS), LONGEST_MS), text=text))
    return cues


def _stay_a_little(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    following = [cue.start for cue in cues[1:]] + [LONGEST_MS]
    return tuple(
        Cue(start=cue.start, stop=max(cue.stop, min(cue.stop + _STAYS_MS, after)), text=cue.text)
        for cue, after in zip(cues, following, strict=True)
    )


def _ms(sample: int) -> int:
    return round(sample * 1000 / SAMPLE_RATE)
