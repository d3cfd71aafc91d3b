import os
import sys
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.commands.clip_clipboard import files_in
from svi_studio.domain.render.clip_state import ClipState
from tests.builders.film_parts import Parts, facts_of, make_project, numbered, open_parts
from tests.domain.short_edits import set_cut, set_prompt


def ids(film: Parts) -> list[str]:
    return [clip.id for clip in film.document.storyboard.clips]


def put_text(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


@pytest.fixture
def known(film: Parts) -> Parts:
    film.know(facts_of())
    return film


def test_a_new_clip_stands_behind_the_selected_one_and_is_selected(film: Parts) -> None:
    film.selection.select(["c2"])
    film.commands.clips.insert_after()
    assert (ids(film), film.selection.ids) == (["c1", "c2", "c6", "c3", "c4", "c5"], ("c6",))


def test_a_new_clip_stands_before_the_selected_ones(film: Parts) -> None:
    film.selection.select(["c2", "c3"])
    film.commands.clips.insert_before()
    assert ids(film) == ["c1", "c6", "c2", "c3", "c4", "c5"]


def test_without_a_selection_a_new_clip_goes_to_the_end(film: Parts) -> None:
    film.commands.clips.insert_after()
    assert ids(film)[-1] == "c6"


def test_many_clips_are_deleted_in_one_step_with_a_plain_name(film: Parts) -> None:
    film.selection.select(["c1", "c3", "c5"])
    film.commands.clips.delete()
    assert (ids(film), film.document.undo_stack.undoText()) == (["c2", "c4"], "Delete 3 clips")


def test_clips_move_one_place_at_a_time(film: Parts) -> None:
    film.selection.select(["c2", "c3"])
    film.commands.clips.move_right()
    assert ids(film) == ["c1", "c4", "c2", "c3", "c5"]
    film.commands.clips.move_left()
    film.commands.clips.move_left()
    assert ids(film) == ["c2", "c3", "c1", "c4", "c5"]
    assert not film.commands.clips.move_left()


def test_copied_clips_are_pasted_behind_the_selected_one(film: Parts) -> None:
    film.selection.select(["c1", "c2"])
    film.commands.clipboard.copy()
    film.selection.select(["c4"])
    film.commands.clipboard.paste()
    assert ids(film) == ["c1", "c2", "c3", "c4", "c6", "c7", "c5"]
    assert film.document.clip("c7").prompt == film.document.clip("c2").prompt


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_film_in_a_folder_whose_name_is_no_text_copies_its_clips(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_parts(numbered(2), tmp_path / os.fsdecode(b"caf\xe9"))
    film.selection.select(["c1"])
    film.commands.clipboard.copy()
    film.commands.clipboard.paste()
    assert [clip.prompt[-1] for clip in film.document.storyboard.clips] == ["1", "1", "2"]
    film.close()


def test_cut_clips_can_be_pasted(film: Parts) -> None:
    film.selection.select(["c1"])
    film.commands.clipboard.cut()
    film.selection.select(["c5"])
    film.commands.clipboard.paste()
    assert film.document.storyboard.clips[-1].prompt == "a ball rolls, part 1"


def test_each_line_of_a_text_becomes_a_clip(film: Parts) -> None:
    put_text("A cat sleeps.\n\n  The cat wakes. \r\nThe cat runs.")
    film.selection.select(["c5"])
    film.commands.clipboard.paste()
    prompts = [clip.prompt for clip in film.document.storyboard.clips[5:]]
    assert prompts == ["A cat sleeps.", "The cat wakes.", "The cat runs."]


def test_pictures_from_a_file_manager_become_clips(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    picture = tmp_path / "a picture.png"
    Image.new("RGB", (40, 30), "blue").save(picture)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture))])
    QGuiApplication.clipboard().setMimeData(mime)
    with qtbot.waitSignal(film.document.changed):
        film.commands.clipboard.paste()
    assert film.document.storyboard.clips[-1].image is not None


def test_a_link_to_another_machine_is_never_opened(film: Parts) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("file://server/share/picture.png"), QUrl("https://example.com/picture.png")])
    assert files_in(mime) == ()


def test_other_programs_get_the_prompts_as_lines(film: Parts) -> None:
    film.document.edit("Type", lambda board: set_prompt(board, "c1", "two\nlines"))
    film.selection.select(["c1", "c2"])
    film.commands.clipboard.copy()
    assert QGuiApplication.clipboard().text() == "two lines\na ball rolls, part 2"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b'{"format": "svi-studio clips 2", "clips": 3}'])
def test_damaged_clips_on_the_clipboard_do_nothing(film: Parts, content: bytes) -> None:
    mime = QMimeData()
    mime.setData("application/x-svi-studio-clips+json", content)
    QGuiApplication.clipboard().setMimeData(mime)
    film.commands.clipboard.paste()
    assert len(ids(film)) == 5


def test_a_paste_of_too_many_lines_is_refused_calmly(qtbot: QtBot, film: Parts) -> None:
    put_text("a\n" * 20_001)
    with qtbot.waitSignal(film.document.refused):
        film.commands.clipboard.paste()
    assert len(ids(film)) == 5


def test_pictures_come_along_from_another_film(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other", numbered(1))
    source = open_parts(numbered(2), other)
    source.document.edit("Cut", lambda board: set_cut(board, "c2", True, "first.png"))
    source.selection.select(["c2"])
    source.commands.clipboard.copy()
    source.close()
    with qtbot.waitSignal(film.document.changed):
        film.commands.clipboard.paste()
    image = film.document.storyboard.clips[-1].image
    assert image is not None
    assert (film.document.folder / image).read_bytes() == (other / "first.png").read_bytes()


def test_locked_clips_keep_their_take(known: Parts) -> None:
    (take,) = known.render(0)
    known.selection.select(["c1"])
    known.commands.clips.toggle_lock()
    clip = known.document.clip("c1")
    assert (clip.locked, clip.take) == (True, take.take_hash)
    known.commands.clips.toggle_lock()
    assert not known.document.clip("c1").locked


def test_a_mixed_selection_is_locked_first(film: Parts) -> None:
    film.selection.select(["c1"])
    film.commands.clips.toggle_lock()
    film.selection.select(["c1", "c2"])
    film.commands.clips.toggle_lock()
    assert film.document.clip("c2").locked


def test_a_clip_starts_anew_and_follows_again(film: Parts) -> None:
    film.selection.select(["c3"])
    film.commands.clips.toggle_cut()
    assert film.document.clip("c3").cut
    film.commands.clips.toggle_cut()
    assert not film.document.clip("c3").cut


def test_each_selected_clip_gets_another_seed(film: Parts) -> None:
    film.selection.select(["c1", "c2", "c3"])
    film.commands.clips.reroll()
    assert len({film.document.clip(clip).seed for clip in ("c1", "c2", "c3")} - {None}) == 3


def test_takes_are_stepped_through_from_new_to_old(known: Parts) -> None:
    (old,) = known.render(0, created_at="2026-01-01T00:00:00Z")
    known.selection.select(["c1"])
    known.commands.clips.reroll()
    (new,) = known.render(0, created_at="2026-01-02T00:00:00Z")
    known.commands.takes.next()
    known.states.settle()
    assert known.states.state("c1").take_hash == old.take_hash
    assert not known.commands.takes.next()
    known.commands.takes.previous()
    known.states.settle()
    assert known.states.state("c1").take_hash == new.take_hash
    assert not known.commands.takes.previous()


def test_a_clip_that_was_rolled_again_can_go_back_to_its_take(known: Parts) -> None:
    (take,) = known.render(0)
    known.selection.select(["c1"])
    known.commands.clips.reroll()
    known.states.settle()
    known.commands.takes.next()
    known.states.settle()
    assert known.states.state("c1").current_take == take.take_hash


def test_choosing_a_take_is_one_step_that_undo_takes_back(known: Parts) -> None:
    (old,) = known.render(0)
    known.selection.select(["c1"])
    known.document.edit("Type", lambda board: set_prompt(board, "c1", "new words"))
    before = known.document.storyboard
    known.commands.takes.choose(old.take_hash)
    assert known.document.clip("c1").prompt == "a ball rolls, part 1"
    known.document.undo_stack.undo()
    assert known.document.storyboard is before


def test_a_take_that_a_locked_clip_shows_is_not_deleted(qtbot: QtBot, known: Parts) -> None:
    (take,) = known.render(0)
    known.selection.select(["c1"])
    known.commands.clips.toggle_lock()
    known.states.settle()
    with qtbot.waitSignal(known.document.refused) as told:
        assert not known.commands.takes.delete([take.take_hash])
    assert told.args == ["Clip 1 is locked and shows this take: unlock the clip first."]


def test_reordering_chains_keeps_their_takes(known: Parts) -> None:
    known.document.edit("Cut", lambda board: set_cut(board, "c4", True))
    known.render(0, 1, 2, 3, 4)
    known.commands.clips.move(["c4", "c5"], 0)
    known.states.settle()
    assert [known.states.state(clip).state for clip in ids(known)] == [ClipState.DONE] * 5


def test_inserting_a_clip_keeps_the_takes_of_the_next_chain(known: Parts) -> None:
    known.document.edit("Cut", lambda board: set_cut(board, "c4", True))
    known.render(0, 1, 2, 3, 4)
    known.selection.select(["c3"])
    known.commands.clips.insert_after()
    known.states.settle()
    assert [known.states.state(clip).state for clip in ("c1", "c2", "c3", "c4", "c5")] == [ClipState.DONE] * 5


def test_what_if_starts_with_the_same_takes(known: Parts) -> None:
    known.render(0, 1, 2, 3, 4)
    known.commands.clips.fork("c3")
    known.states.settle()
    assert len(ids(known)) == 5 + 1 + 3
    assert not known.states.stale_jobs()
    assert len(known.selection.ids) == 3


def test_what_if_leaves_the_first_version_alone(known: Parts) -> None:
    known.render(0, 1, 2, 3, 4)
    known.commands.clips.fork("c3")
    copy = known.selection.ids[0]
    known.document.edit("Type", lambda board: set_prompt(board, copy, "another story"))
    assert [job.clip_id for job in known.states.stale_jobs()] == list(known.selection.ids)


def test_what_if_needs_the_take_that_it_goes_on_from(qtbot: QtBot, known: Parts) -> None:
    with qtbot.waitSignal(known.document.refused) as told:
        assert not known.commands.clips.fork("c3")
    assert told.args[0].startswith("Clip 2 has no take yet")


def test_continuing_from_the_last_frame_simply_follows(known: Parts) -> None:
    (take,) = known.render(0)
    known.commands.takes.continue_from_frame(take.take_hash, take.num_frames - 1)
    clip = known.document.storyboard.clips[1]
    assert (clip.id, clip.cut, clip.image) == ("c6", False, None)


def test_a_picture_is_copied_into_the_film(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    picture = tmp_path / "new.png"
    Image.new("RGB", (40, 30), "blue").save(picture)
    with qtbot.waitSignal(film.document.changed):
        film.commands.pictures.set_image("c2", picture)
    image = film.document.clip("c2").image
    assert (film.document.folder / image).read_bytes() == picture.read_bytes()


def test_pictures_that_are_dropped_between_clips_become_clips(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    pictures = [tmp_path / f"{colour}.png" for colour in ("red", "blue")]
    for picture in pictures:
        Image.new("RGB", (40, 30), picture.stem).save(picture)
    with qtbot.waitSignal(film.document.changed):
        film.commands.pictures.insert(pictures, 1)
    added = film.document.storyboard.clips[1:3]
    assert [clip.cut for clip in added] == [True, True]
    assert added[0].image != added[1].image


def test_a_file_of_a_wrong_kind_is_refused_calmly(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    wrong = tmp_path / "notes.png"
    wrong.write_text("no picture")
    with qtbot.waitSignal(film.document.refused) as told:
        film.commands.pictures.set_image("c2", wrong)
    assert "notes.png" in told.args[0]
    assert film.document.clip("c2").image is None


def test_a_film_that_can_only_be_read_takes_no_pictures(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_parts(numbered(1), tmp_path, "This film is open in another window.")
    pictures, path = film.commands.pictures, tmp_path / "any.png"
    for command in (lambda: pictures.set_image("c1", path), lambda: pictures.set_images(["c1"], path)):
        with qtbot.waitSignal(film.document.refused), qtbot.assertNotEmitted(film.pictures.busy):
            command()
    film.close()


def test_a_marker_stands_at_the_playhead(film: Parts) -> None:
    film.playhead.set_frame(12)
    film.commands.markers.add(label="here")
    assert [(marker.frame, marker.label) for marker in film.document.storyboard.markers] == [(12, "here")]
    assert film.commands.markers.at(20) == 0
    assert film.commands.markers.at(3) is None


def test_a_picture_for_a_clip_that_would_not_look_at_it_makes_a_cut(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "new.png"
    Image.new("RGB", (40, 30), "blue").save(picture)
    for family, is_cut in (("film", True), ("shot", False)):
        film = open_parts(numbered(3, family=family), tmp_path / family)
        with qtbot.waitSignal(film.document.changed):
            film.commands.pictures.set_image("c2", picture)
        assert film.document.clip("c2").cut is is_cut
        film.close()


def test_a_marker_behind_the_end_can_be_reached_from_the_last_frame(known: Parts) -> None:
    known.commands.markers.add(known.playhead.last_frame + 40)
    assert known.commands.markers.at(known.playhead.last_frame) == 0
    assert known.commands.markers.at(known.playhead.last_frame - 1) is None
