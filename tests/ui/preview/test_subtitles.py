"""Subtitles over the preview are the very pictures that are burnt into films, at the same place."""

import numpy as np

from svi_studio.domain.film.subtitles import Cue
from svi_studio.media.subtitles.painter import SubtitlePainter
from tests.ui.preview.films import Bench


def give(bench: Bench, *cues: Cue) -> None:
    bench.film.commands.subtitles.replace("Import", cues)


def test_a_frame_shows_its_subtitle_as_the_film_will(bench: Bench) -> None:
    give(bench, Cue(start=1000, stop=2000, text="Hello"))
    projector = bench.panel.preview.projector
    bench.show(round(1.5 * bench.film.playhead.fps))
    bench.qtbot.waitUntil(lambda: projector.scene.subtitles is not None)
    overlay, scene = projector.scene.subtitles, projector.scene
    assert overlay is not None
    width, height = scene.size.width() * scene.enlarge, scene.size.height() * scene.enlarge
    picture = SubtitlePainter(width, height).picture(["Hello"])
    assert picture is not None
    assert (overlay.image.width(), overlay.image.height()) == picture.pixels.shape[1::-1]
    assert round(overlay.place.left() * width) == picture.left
    assert round(overlay.place.top() * height) == picture.top
    bits = np.frombuffer(overlay.image.constBits(), np.uint8).reshape(picture.pixels.shape)
    assert np.array_equal(bits, picture.pixels)


def test_outside_of_its_time_and_after_an_undo_there_is_none(bench: Bench) -> None:
    give(bench, Cue(start=1000, stop=2000, text="Hello"))
    projector = bench.panel.preview.projector
    bench.show(round(1.5 * bench.film.playhead.fps))
    bench.qtbot.waitUntil(lambda: projector.scene.subtitles is not None)
    bench.show(0)
    assert projector.scene.subtitles is None
    bench.show(round(1.5 * bench.film.playhead.fps))
    assert projector.scene.subtitles is not None
    bench.film.document.undo_stack.undo()
    assert projector.scene.subtitles is None


def test_the_canvas_draws_it_on_the_picture(bench: Bench) -> None:
    projector, canvas = bench.panel.preview.projector, bench.panel.area.canvas
    bench.panel.resize(900, 700)
    bench.panel.show()
    bench.show(18)
    before = canvas.grab().toImage()
    give(bench, Cue(start=0, stop=9000, text="Hello there"))
    bench.qtbot.waitUntil(lambda: projector.scene.subtitles is not None)
    after = canvas.grab().toImage()
    place = canvas.picture_place()
    places = ((x, y) for y in range(after.height()) for x in range(0, after.width(), 3))
    changed = [y for x, y in places if before.pixel(x, y) != after.pixel(x, y)]
    assert changed
    assert min(changed) > place.top() + place.height() * 0.7
    assert max(changed) <= place.bottom()
