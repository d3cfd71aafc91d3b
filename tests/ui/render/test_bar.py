"""The render bar: its button says what it will do, does it, and says what goes on."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.queue import RenderQueue
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.render.bar import RenderBar
from tests.builders.renders import a_take
from tests.domain.short_edits import set_prompt
from tests.ui.render.conftest import Render
from tests.ui.render.still_service import StillService


def says(qtbot: QtBot, read: Callable[[], str], text: str) -> None:
    """Wait until a label says so: the bar counts a moment after the film changed."""
    qtbot.waitUntil(lambda: read() == text)


def edit(film: OpenFilm, clip_id: str, prompt: str) -> None:
    film.document.edit("Prompt", lambda board: set_prompt(board, clip_id, prompt))


def asked(queue: RenderQueue) -> list[tuple[int, int, str]]:
    return [(item.request.first, item.request.last, item.request.quality) for item in queue.items]


def test_the_button_says_how_many_clips_while_the_time_is_not_known(bar: RenderBar) -> None:
    assert bar.button.text() == "Render 4 clips"
    assert bar.headline.text() == "Renders all 4 clips"
    assert bar.detail.text() == "The time is known after the first clip."


def test_the_button_says_how_long_once_that_is_known(qtbot: QtBot, bar: RenderBar, rendered: Render) -> None:
    rendered("c1")
    says(qtbot, bar.button.text, "Render 3 clips · a few seconds")
    assert bar.headline.text() == "Renders clips 2 to 4"
    assert bar.detail.text() == "The other clip stays as it is."


def test_with_every_take_there_is_nothing_to_do(qtbot: QtBot, bar: RenderBar, rendered: Render) -> None:
    rendered("c1", "c2", "c3", "c4")
    says(qtbot, bar.button.text, "Everything is rendered")
    assert not bar.button.isEnabled()


def test_with_every_take_the_next_step_is_the_export(
    qtbot: QtBot, bar: RenderBar, rendered: Render, actions: Actions
) -> None:
    wanted: list[str] = []
    actions.connect_action("film.export", lambda: wanted.append("export"))
    rendered("c1", "c2", "c3", "c4")
    says(qtbot, bar.way_out.text, "Export…")
    qtbot.mouseClick(bar.way_out, Qt.MouseButton.LeftButton)
    assert wanted == ["export"]


def test_an_edit_is_paid_for_by_what_follows_and_the_bar_says_so(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, rendered: Render
) -> None:
    rendered("c1", "c2", "c3", "c4")
    edit(film, "c3", "The red puppet sleeps.")
    says(qtbot, bar.headline.text, "Renders clips 3 to 4")
    assert bar.detail.text() == "Rendered again after a change; the old takes are kept. The other 2 stay as they are."


def test_a_press_queues_what_is_missing(qtbot: QtBot, bar: RenderBar, queue: RenderQueue) -> None:
    qtbot.mouseClick(bar.button, Qt.MouseButton.LeftButton)
    assert asked(queue) == [(0, 3, "final")]
    assert not bar.button.isVisible(), "all of it is asked for"


def test_what_was_asked_for_is_not_offered_twice_not_even_after_an_edit(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue
) -> None:
    bar.commands.render()
    edit(film, "c4", "The red puppet sleeps.")
    film.states.settle()
    bar.commands.refresh()
    assert bar.button.isHidden()
    bar.commands.render()
    assert asked(queue) == [(0, 3, "final")]


def test_clips_that_nobody_asked_for_come_after_what_is_rendered_and_the_button_says_so(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue
) -> None:
    bar.commands.render()
    film.commands.clips.insert_prompts(["The red puppet sleeps."], 4)
    says(qtbot, bar.button.text, "Then render 1 clip")
    assert bar.button.toolTip().startswith("Renders clip 5, after what is rendered now.")


def test_the_bar_says_that_edits_count_and_what_falls_with_a_clip(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue, service: StillService, actions: Actions
) -> None:
    bar.commands.render()
    service.step(0, 1)
    assert bar.controls.skip.toolTip() == "Skip this clip, and the 3 clips that go on from it"
    assert actions.action("render.skip_clip").text() == bar.controls.skip.toolTip()
    queue.follow(set_prompt(film.document.storyboard, "c4", "The red puppet sleeps."))
    assert "our edits count from the next clip on" in bar.detail.text()


def test_a_clip_without_a_prompt_is_named_with_the_way_to_it(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue
) -> None:
    edit(film, "c3", "")
    says(qtbot, bar.button.text, "Render 2 clips")
    assert bar.detail.text().startswith("Clip 3 has no prompt")
    with qtbot.waitSignal(bar.prompt_wanted) as wanted:
        qtbot.mouseClick(bar.way_out, Qt.MouseButton.LeftButton)
    assert (wanted.args, film.selection.current) == (["c3"], "c3")
    bar.commands.render()
    assert asked(queue) == [(0, 1, "final")]


def test_selected_clips_bring_those_that_they_follow_from(bar: RenderBar, film: OpenFilm, queue: RenderQueue) -> None:
    film.selection.select(["c3"])
    bar.menu_button.fill()
    texts = [action.text() for action in bar.menu_button.choices.actions()]
    assert "The selected clips  ·  3 clips" in texts
    assert "From here to the end  ·  4 clips" in texts
    assert "Between in and out  ·  none chosen" in texts


def test_the_range_between_in_and_out_is_rendered(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue, actions: Actions, rendered: Render
) -> None:
    rendered("c1")
    film.playhead.set_in(film.playhead.time.clips[1].start + 3)
    film.playhead.set_out(film.playhead.time.clips[2].start)
    qtbot.waitUntil(lambda: actions.action("render.range").isEnabled())
    actions.action("render.range").trigger()
    assert asked(queue) == [(1, 2, "final")]


def test_a_draft_is_asked_for_as_such(qtbot: QtBot, bar: RenderBar, queue: RenderQueue, actions: Actions) -> None:
    qtbot.mouseClick(bar.quality.draft, Qt.MouseButton.LeftButton)
    assert actions.action("render.draft").isChecked()
    bar.commands.render()
    assert asked(queue) == [(0, 3, "draft")]


def test_urgent_clips_go_before_what_waits(bar: RenderBar, film: OpenFilm, queue: RenderQueue) -> None:
    bar.commands.render()
    film.commands.clips.insert_prompts(["The red puppet sleeps."], 4)
    bar.commands.render()
    film.commands.clips.insert_prompts(["The red puppet wakes."], 5)
    bar.commands.render(first=True)
    assert [first for first, _, _ in asked(queue)] == [0, 5, 4]


def test_the_film_may_only_be_looked_at(qtbot: QtBot, bar: RenderBar, film: OpenFilm, queue: RenderQueue) -> None:
    film.document.read_only_reason = "Another window has this film."
    bar.commands.refresh()
    assert bar.detail.text() == "Another window has this film."
    assert not bar.commands.render()
    assert not bar.commands.render_clips([0, 1])


def test_the_clip_and_its_step_are_told_while_it_is_made(bar: RenderBar, service: StillService) -> None:
    bar.commands.render()
    assert bar.headline.text() == "Starting the renderer"
    service.step(0, 1, 20)
    service.step(0, 5, 20, left=130.0)
    assert bar.headline.text() == "Clip 1 of 4 · step 5 of 20"
    assert bar.detail.text() == "About 2 min left"
    assert bar.progress.value() == pytest.approx(1000 * 0.25 / 4, abs=2)


def test_pause_and_go_on(qtbot: QtBot, bar: RenderBar, queue: RenderQueue, service: StillService) -> None:
    bar.commands.render()
    service.step(1, 3, 20)
    qtbot.mouseClick(bar.controls.pause, Qt.MouseButton.LeftButton)
    assert bar.headline.text() == "Pausing after this step"
    service.be(ProcessState.PAUSED)
    assert bar.headline.text() == "Paused at clip 2"
    assert bar.controls.pause.accessibleName() == "Go on"
    qtbot.mouseClick(bar.controls.pause, Qt.MouseButton.LeftButton)
    service.be(ProcessState.RENDERING)
    assert bar.headline.text() == "Clip 2 of 4 · step 3 of 20"
    assert service.asked == ["submit", "pause", "resume"]


def test_skip_and_stop(qtbot: QtBot, bar: RenderBar, service: StillService) -> None:
    bar.commands.render()
    assert not bar.controls.skip.isEnabled(), "no clip is under way yet"
    service.step(1, 1, 20)
    qtbot.mouseClick(bar.controls.skip, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.controls.stop, Qt.MouseButton.LeftButton)
    assert service.asked == ["submit", "skip 1", "stop"]


def test_a_renderer_that_is_silent_or_starts_again_is_told_in_words(bar: RenderBar, service: StillService) -> None:
    bar.commands.render()
    service.step(1, 1, 20)
    service.be(ProcessState.NOT_ANSWERING)
    assert bar.headline.text() == "The renderer is not responding"
    assert not bar.controls.pause.isEnabled()
    service.be(ProcessState.RESTARTING)
    service.notice.emit("The renderer ended unexpectedly at clip 2.")
    assert bar.headline.text() == "Restarting the renderer"
    assert bar.detail.text() == "The renderer ended unexpectedly at clip 2."


def test_a_failure_is_told_until_the_next_render(bar: RenderBar, service: StillService) -> None:
    bar.commands.render()
    service.step(0, 1, 20)
    service.end(Outcome.FAILED, "There is not enough memory.")
    assert bar.detail.text() == "There is not enough memory."
    bar.commands.render()
    assert bar.headline.text() == "Starting the renderer"


def test_keys_do_what_the_buttons_do(
    qtbot: QtBot, bar: RenderBar, actions: Actions, queue: RenderQueue, service: StillService
) -> None:
    qtbot.waitUntil(lambda: actions.action("render.stale").isEnabled())
    actions.action("render.stale").trigger()
    service.step(0, 1, 20)
    for name in ("render.pause", "render.skip_clip", "render.stop"):
        actions.action(name).trigger()
    assert service.asked == ["submit", "pause", "skip 0", "stop"]


def test_a_film_without_clips_offers_to_insert_one(qtbot: QtBot, bar: RenderBar, film: OpenFilm) -> None:
    film.document.edit("Delete", lambda board: board.model_copy(update={"clips": ()}))
    says(qtbot, bar.headline.text, "There are no clips yet")
    assert bar.way_out.text() == "Insert a clip"
    assert not bar.button.isEnabled()


def test_a_disk_that_is_too_small_is_told_before_anything_is_rendered(
    qtbot: QtBot, bar: RenderBar, rendered: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.ui.render.bar.free_bytes", lambda _film: 2_000_000)
    rendered("c1")
    says(qtbot, bar.headline.text, "Renders clips 2 to 4")
    assert bar.detail.text().endswith("but only 2.0 MB are free: free some space, or delete old takes.")
    assert bar.button.isEnabled(), "it is advice, and what is rendered stays"


def test_every_control_has_a_name_for_those_who_hear_it(bar: RenderBar) -> None:
    controls = (bar.button, bar.menu_button, bar.controls.pause, bar.controls.skip, bar.controls.stop)
    assert all(control.accessibleName() or control.text() for control in controls)
    assert bar.accessibleDescription() == "Renders all 4 clips. The time is known after the first clip."


def test_a_key_that_finds_nothing_to_render_says_so(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, actions: Actions, rendered: Render
) -> None:
    rendered("c1")
    film.selection.select(["c1"])
    with qtbot.waitSignal(film.document.refused) as told:
        actions.action("render.selection").trigger()
    assert told.args[0].startswith("There is nothing to render here")


def test_the_bar_counts_the_clip_as_its_card_does(
    bar: RenderBar, film: OpenFilm, queue: RenderQueue, service: StillService
) -> None:
    bar.commands.render()
    service.step(1, 1)
    assert bar.headline.text().startswith("Clip 2 of 4")
    film.commands.clips.insert_prompts(["The red puppet waves."], 0)
    assert bar.headline.text().startswith("Clip 3 of 5")


def test_the_price_of_a_new_film_is_an_estimate_from_other_films(qtbot: QtBot, bar: RenderBar, film: OpenFilm) -> None:
    job = film.states.job("c1")
    assert job is not None
    film.paces.remember(a_take(seconds=90.0, step=1.0, model_hash=job.model_hash))
    bar.commands.refresh()
    assert " · about " in bar.button.text()
    assert bar.detail.text() == "The time is an estimate from films made here before."


def test_a_render_is_asked_for_with_the_memory_plan_that_the_user_wishes(
    qtbot: QtBot, bar: RenderBar, queue: RenderQueue, service: StillService
) -> None:
    queue.memory_plan_of = {"svi-mini": "blocks=2"}.__getitem__
    bar.button.click()
    qtbot.waitUntil(lambda: "submit" in service.asked)
    assert service.memory_plan == "blocks=2"
