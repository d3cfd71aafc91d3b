import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.films import Films
from svi_studio.document.opening import loaded_film
from svi_studio.document.opening.new_film import films_folder
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.errors import BadProject, NewerVersion
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.render.save_state import SaveKind
from svi_studio.jobs.threads.owned_thread import running_threads
from svi_studio.project.film.project_file import Project
from tests.builders.film_parts import commit_take, make_project, numbered
from tests.builders.opened import open_film_here
from tests.domain.short_edits import set_prompt

Open = Callable[[Path], OpenFilm]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_project(tmp_path / "film", numbered(3))


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Open]:
    films: list[OpenFilm] = []

    def open_one(path: Path) -> OpenFilm:
        films.append(open_film_here(path))
        return films[-1]

    yield open_one
    for film in films:
        film.close()


def rewrite(film: OpenFilm, words: str) -> bool:
    return film.document.edit("Type", lambda board: set_prompt(board, "c1", words))


def wait_until_planned(qtbot: QtBot, film: OpenFilm) -> None:
    qtbot.waitUntil(lambda: film.states.facts is not None and not film.states.planning, timeout=20_000)
    qtbot.waitUntil(lambda: film.takes.is_scanned, timeout=20_000)


def test_model_takes_and_states_are_there_soon(qtbot: QtBot, opened: Open, folder: Path) -> None:
    first = opened(folder)
    wait_until_planned(qtbot, first)
    job = first.states.job("c1")
    assert job is not None
    first.close()
    commit_take(folder, job)
    again = opened(folder)
    wait_until_planned(qtbot, again)
    assert [again.states.state(clip).state for clip in ("c1", "c2")] == [ClipState.DONE, ClipState.EMPTY]


def test_the_first_clip_is_selected(opened: Open, folder: Path) -> None:
    assert opened(folder).selection.ids == ("c1",)


def test_the_time_line_follows_the_model_from_the_start(opened: Open, folder: Path) -> None:
    assert opened(folder).playhead.time.frames == 2 * 16 + 21


def test_edits_come_back_after_closing(opened: Open, folder: Path) -> None:
    film = opened(folder)
    rewrite(film, "new words")
    assert film.close()
    again = opened(folder)
    assert (again.document.storyboard.clips[0].prompt, again.recovered) == ("new words", 0)


def test_an_edit_right_before_closing_is_kept(opened: Open, folder: Path) -> None:
    film = opened(folder)
    rewrite(film, "last words")
    assert film.unsaved
    assert film.close()
    assert Project.open(folder).storyboard.clips[0].prompt == "last words"


def test_recovered_edits_are_counted_and_undo_takes_them_back(opened: Open, folder: Path) -> None:
    project = Project.open(folder)
    for words in ("one", "two"):
        project.record(set_prompt(project.storyboard, "c1", words))
    film = opened(folder)
    assert (film.recovered, film.document.undo_stack.undoText()) == (2, "Restore 2 edits")
    assert film.document.storyboard.clips[0].prompt == "two"
    film.document.undo_stack.undo()
    assert film.document.storyboard == numbered(3)


def test_recovered_edits_are_told_once(opened: Open, folder: Path) -> None:
    project = Project.open(folder)
    project.record(set_prompt(project.storyboard, "c1", "one"))
    opened(folder).close()
    assert opened(folder).recovered == 0


def test_a_second_window_can_only_read_and_says_why(qtbot: QtBot, opened: Open, folder: Path) -> None:
    opened(folder)
    second = opened(folder)
    assert second.read_only
    with qtbot.waitSignal(second.document.refused) as told:
        assert not rewrite(second, "new")
    assert told.args[0].startswith("This film is open in another window")


def test_the_lock_is_free_again_after_closing(opened: Open, folder: Path) -> None:
    opened(folder).close()
    assert not opened(folder).read_only


def test_a_window_in_another_process_counts_until_it_ends(opened: Open, folder: Path) -> None:
    hold = "import sys; from pathlib import Path; from svi_studio.project.film.window_lock import WindowLock; "
    hold += "lock = WindowLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert opened(folder).read_only
        other.kill()
    assert not opened(folder).read_only


def test_a_write_protected_film_can_be_looked_at(opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded_film.os, "access", lambda path, mode: False)  # the tests may run as root
    film = opened(folder)
    assert film.read_only
    assert "write-protected" in film.document.read_only_reason


def test_a_damaged_film_is_refused_and_not_locked(folder: Path) -> None:
    content = (folder / "project.json").read_bytes()
    (folder / "project.json").write_bytes(content[:50])
    with pytest.raises(BadProject):
        open_film_here(folder)
    (folder / "project.json").write_bytes(content)
    film = open_film_here(folder)
    assert not film.read_only
    film.close()


def test_a_film_of_a_newer_version_is_refused_in_a_sentence(folder: Path) -> None:
    document = json.loads((folder / "project.json").read_text())
    (folder / "project.json").write_text(json.dumps(document | {"schema_version": 99}))
    with pytest.raises(NewerVersion, match="newer version"):
        open_film_here(folder)


def test_a_folder_that_is_no_film_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProject, match="There is no film"):
        open_film_here(tmp_path)


def test_a_bare_storyboard_gets_a_project(opened: Open, folder: Path) -> None:
    bare = folder.parent / "bare.json"
    board: Storyboard = numbered(2, reference_image="film.svi/first.png")
    bare.write_text(board.model_dump_json())
    film = opened(bare)
    assert film.path == folder.parent / "bare.svi"
    assert (film.path / str(film.document.storyboard.reference_image)).is_file()


def test_a_storyboard_in_a_protected_folder_becomes_one_of_the_users_films(
    opened: Open, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = folder.parent / "bare.json"
    bare.write_text(numbered(2, reference_image=None).model_dump_json())
    monkeypatch.setattr(loaded_film.os, "access", lambda path, mode: Path(path) != folder.parent)
    film = opened(bare)
    assert (film.path.parent, film.read_only) == (films_folder(), False)


def test_saving_is_told_by_the_document(qtbot: QtBot, opened: Open, folder: Path) -> None:
    film = opened(folder)
    told: list[SaveKind] = []
    film.document.save_state.connect(lambda state: told.append(state.kind))
    rewrite(film, "new")
    qtbot.waitUntil(lambda: told == [SaveKind.SAVING, SaveKind.SAVED], timeout=10_000)


def test_closing_at_once_ends_every_thread(opened: Open, folder: Path) -> None:
    film = opened(folder)
    rewrite(film, "new")
    film.close()
    assert running_threads() == []


def test_the_opener_opens_in_a_thread(qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
    opener = Films(Preferences(tmp_path / "preferences.ini"))
    with qtbot.waitSignal(opener.opened) as told:
        opener.open(folder)
    film = told.args[0]
    assert film.document.storyboard == numbered(3)
    film.close()
    opener.close()


def test_the_opener_says_what_is_wrong(qtbot: QtBot, tmp_path: Path) -> None:
    opener = Films(Preferences(tmp_path / "preferences.ini"))
    with qtbot.waitSignal(opener.failed) as told:
        opener.open(tmp_path / "nothing.svi")
    assert told.args[0].startswith("There is no film at ")
    opener.close()
