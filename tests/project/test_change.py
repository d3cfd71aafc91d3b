import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing.subtitle_edits import set_subtitles
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.subtitles import Cue
from svi_studio.project.film.change import Change, apply_change, change_between
from svi_studio.project.film.journal import Entry, decode, encode
from tests.builders.storyboards import film, storyboards
from tests.domain import short_edits


@given(storyboards(), storyboards())
def test_a_change_turns_any_storyboard_into_any_other(old: Storyboard, new: Storyboard) -> None:
    assert apply_change(old, change_between(old, new)) == new


@given(storyboards(), storyboards(), st.data())
def test_a_line_is_read_back_or_refused(old: Storyboard, new: Storyboard, data: st.DataObject) -> None:
    entry = Entry(base="a" * 64, number=1, change=change_between(old, new))
    line = encode(entry)
    assert decode(line) == entry
    at, bit = data.draw(st.integers(0, len(line) - 1)), data.draw(st.integers(0, 7))
    broken = line[:at] + bytes([line[at] ^ (1 << bit)]) + line[at + 1 :]
    assert decode(broken) in (None, entry)


def test_one_edit_of_a_long_film_is_a_short_change() -> None:
    storyboard = film(2000)
    change = change_between(storyboard, short_edits.set_prompt(storyboard, "c1000", "x"))
    assert (change.start, change.removed, len(change.inserted)) == (999, 1, 1)


def test_a_change_of_another_film_is_refused() -> None:
    with pytest.raises(ValueError, match="another storyboard"):
        apply_change(film(1), Change(start=1, removed=3))


def test_subtitles_that_come_and_go_are_changes_like_any_other() -> None:
    without = Storyboard()
    with_one = set_subtitles(without, [Cue(start=0, stop=900, text="Hello")])
    for old, new in ((without, with_one), (with_one, without)):
        assert apply_change(old, change_between(old, new)) == new
