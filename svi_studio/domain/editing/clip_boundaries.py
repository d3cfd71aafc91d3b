"""Clips that begin where the sound says: how many cards that takes, and where each of them is trimmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from svi_studio.domain.editing.edit_check import checked, content_with, unlocked
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import Trims, storyboard_time
from svi_studio.domain.film.storyboard import MAX_CLIPS, Clip, Storyboard, next_clip_id
from svi_studio.domain.film.subtitles import plain_words
from svi_studio.domain.value import all_of_fields

_LEAST_SHARE = 4  # a rest of less than a quarter of a clip is shared with the clip before it


@dataclass(frozen=True, slots=True)
class ClipStretch:
    """The film frames from one boundary up to the next, and the words that belong there."""

    start: int
    stop: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ClipSplit:
    """The film after a split: how many cards it needs and what each of them shows.

    ``starts`` are the film frames at which stretches begin; ``storyboard`` is what ``split`` makes of the film.
    ``jumps``: boundaries at which a clip that follows on goes on from frames that the film leaves out.
    ``unseen``: frames that are rendered and not shown. ``too_close``: boundaries that were left out, because they would
    have made a clip shorter than asked for.
    """

    storyboard: Storyboard
    starts: tuple[int, ...]
    cards: int
    added: int
    removed: int
    jumps: int
    unseen: int
    too_close: int


def stretches(
    boundaries: Sequence[int], stop: int, *, shortest: int = 1, words: Sequence[str] = ()
) -> tuple[tuple[ClipStretch, ...], int]:
    """The stretches of a film that ends before frame ``stop``, begun anew at each of the ``boundaries``.

    A boundary nearer than ``shortest`` frames to the one before it, or to the end, is left out; how many were is told,
    too. ``words`` has those of each stretch, and the words of what was left out go with the stretch before it.
    """
    wanted = sorted({frame for frame in boundaries if 0 < frame < stop})
    starts, texts, left_out = [0], [words[0] if words else ""], 0
    for number, frame in enumerate(wanted, start=1):
        text = words[number] if number < len(words) else ""
        if frame - starts[-1] < max(shortest, 1) or stop - frame < max(shortest, 1):
            left_out += 1
            texts[-1] = f"{texts[-1]} {text}".strip()
        else:
            starts.append(frame)
            texts.append(text)
    ends = [*starts[1:], stop]
    found = tuple(ClipStretch(one, two, text) for one, two, text in zip(starts, ends, texts, strict=True) if two > one)
    return found, left_out


def split_at(
    storyboard: Storyboard,
    num_frames: int,
    boundaries: Sequence[int],
    stop: int,
    *,
    shortest: int = 1,
    fresh: bool = False,
    words: Sequence[str] = (),
    remove_rest: bool = False,
) -> ClipSplit:
    """The film with clips that begin exactly at the film frames ``boundaries``, up to its frame ``stop``.

    The model makes ``num_frames`` frames a clip. A stretch longer than one clip gets several cards, and the last
    of them is trimmed to the frame; where it would show next to nothing, the one before it shares with it. Cards that
    are there stay in their order with their words, trimmed otherwise; missing ones are copies of the card before them.
    Cards behind ``stop`` stay, or go with ``remove_rest``. With ``fresh`` each stretch starts a new chain; without, it
    follows on, and the picture jumps over the frames that were trimmed. The ``words`` of a stretch become the notes of
    its first card, and its prompt where it has none. Raises BadInput for a locked card that would change and for more
    cards than a film can have.

    What it cannot do: make a clip longer than the model does, or render less than whole clips; that is what ``unseen``
    counts.
    """
    parts, left_out = stretches(boundaries, stop, shortest=shortest, words=words)
    if not parts:
        raise BadInput("There is no sound to split clips by: lay one under the film first.")
    num_frames = storyboard.num_frames or num_frames
    cards = _Cards(storyboard, num_frames, fresh=fresh)
    for part in parts:
        cards.fill(part)
    made = cards.finished(remove_rest=remove_rest)
    return _counted(storyboard, made, cards, num_frames, left_out)


def _counted(before: Storyboard, made: Storyboard, cards: "_Cards", num_frames: int, left_out: int) -> ClipSplit:
    """The film ``made`` of the film ``before``, with what it costs and what it jumps over."""
    shown = storyboard_time(made, num_frames).clips[: cards.used]
    jumps = sum(
        not made.clips[place + 1].cut and made.clips[place].end is not None
        for place in range(min(cards.used, len(made.clips) - 1))
    )
    rendered = cards.used * num_frames - sum(each.first for each in shown)
    more = len(made.clips) - len(before.clips)
    return ClipSplit(
        made,
        tuple(shown[place].start for place in cards.firsts),
        cards.used,
        max(0, more),
        max(0, -more),
        jumps,
        rendered - sum(each.frames for each in shown),
        left_out,
    )


class _Cards:
    """The cards of a split, filled from the first one on."""

    def __init__(self, storyboard: Storyboard, num_frames: int, *, fresh: bool) -> None:
        self._trims = Trims.of(storyboard.profile_to_show, num_frames)
        self._board, self._num_frames, self._fresh = storyboard, num_frames, fresh
        self._number = int(next_clip_id(storyboard)[1:])
        self._contents: list[dict[str, object]] = []
        self._shown: list[tuple[int, int]] = []
        self.firsts: list[int] = []

    @property
    def used(self) -> int:
        """How many cards are filled."""
        return len(self._contents)

    def fill(self, part: ClipStretch) -> None:
        """Adds the cards that show ``part``."""
        self.firsts.append(self.used)
        rest, is_first = part.stop - part.start, True
        while rest > 0:
            card = self._card()
            if is_first:
                self._begin(card, part.words)
            begins = self.used == 0 or bool(card["cut"])
            is_met = not begins and bool(self._contents[-1]["meets_next"])
            first = self._trims.first(begins=begins, after_video=card["start_video"] is not None, is_met=is_met)
            room = self._stop(card, goes_on=True) - first  # as another one can always follow it
            shown = min(rest, room)
            if 0 < rest - shown < room // _LEAST_SHARE:
                shown = (rest + 1) // 2
            self._contents.append(card)
            self._shown.append((first, first + shown))
            self._check_count()
            rest, is_first = rest - shown, False

    def finished(self, *, remove_rest: bool) -> Storyboard:
        """The storyboard with these cards; those that were behind them stay, or go."""
        old = self._board.clips
        rest = () if remove_rest else old[self.used :]
        self._trim([*self._contents[1:], *(clip.__dict__ for clip in rest[:1])])
        changed = [place for place, card in enumerate(self._contents[: len(old)]) if card != old[place].__dict__]
        gone = old[self.used :] if remove_rest else ()
        unlocked(self._board, [*(old[place].id for place in changed), *(clip.id for clip in gone)])
        for place in changed:
            self._contents[place] = content_with(old[place], self._contents[place])
        return checked(self._board, clips=(*all_of_fields(Clip, self._contents), *rest))

    def _trim(self, following: Sequence[Mapping[str, object]]) -> None:
        """Each card ends where it should: by itself where it does so anyway, which depends on the card behind it."""
        for place, (card, (_, stop)) in enumerate(zip(self._contents, self._shown, strict=True)):
            goes_on = place < len(following) and not following[place]["cut"]
            card["end"] = None if stop == self._stop(card, goes_on=goes_on) else stop

    def _stop(self, card: Mapping[str, object], *, goes_on: bool) -> int:
        """The frame before which a card that is not trimmed ends, where another one ``goes_on`` from it or not."""
        return self._num_frames - (self._trims.tail if goes_on and not card["meets_next"] else 0)

    def _card(self) -> dict[str, object]:
        if self.used < len(self._board.clips):
            return dict(self._board.clips[self.used].__dict__)
        before = self._contents[-1] if self._contents else Clip(id="c0").__dict__
        made = {**Clip(id=f"c{self._number}").__dict__, "prompt": before["prompt"]}
        made["negative_prompt"] = before["negative_prompt"]
        self._number += 1
        return made

    def _begin(self, card: dict[str, object], words: str) -> None:
        if self._fresh and self.used:
            card["cut"] = True
        told = plain_words(words)
        if told:
            card["note"] = told
            card["prompt"] = card["prompt"] or told

    def _check_count(self) -> None:
        if self.used > MAX_CLIPS:
            raise BadInput(f"That would be more than {MAX_CLIPS:,} clips: choose fewer places, or longer clips.")
