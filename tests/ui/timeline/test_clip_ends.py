"""Cards show both ends of a clip, and pictures and videos are dropped on either."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QFont, QPixmap
from pytestqt.qtbot import QtBot

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.timeline.cards.art import draw_card
from svi_studio.ui.timeline.cards.in_words import describe
from svi_studio.ui.timeline.cards.look import CardLook
from svi_studio.ui.timeline.cards.parts import START_SHARE, card_parts
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.builders.videos import counted, grey, write_video
from tests.ui.timeline.hands import Hands, ids
from tests.ui.timeline.test_drops import PICTURE, files


def plain(colour: str) -> QPixmap:
    pixmap = QPixmap(160, 90)
    pixmap.fill(QColor(colour))
    return pixmap


@pytest.mark.parametrize(("width", "height"), [(30, 64), (50, 120), (160, 96), (240, 180), (600, 120), (1200, 248)])
def test_a_card_of_any_size_shows_its_start_left_and_its_end_right(qapp: object, width: int, height: int) -> None:
    look = CardLook(
        number=3,
        prompt="A ball rolls.",
        seed="",
        length="1 s",
        state=ClipState.DONE,
        picture=plain("#ff0000"),
        picture_key=1,
        has_end=True,
        end_picture=plain("#0000ff"),
        end_key=2,
    )
    image = draw_card(look, width, height, Paints(QFont()), 1.0).toImage()
    parts = card_parts(width, height, has_end=True)
    low = int(parts.start.bottom()) - 5
    start = image.pixelColor(int(parts.start.right()) - 3 if width < 400 else 40, low)
    end = image.pixelColor(int(parts.end.center().x()) + 2, int(parts.end.bottom()) - 5)
    assert (start.red(), start.blue()) == (255, 0)
    assert (end.red(), end.blue()) == (0, 255)


@pytest.mark.parametrize(("width", "height"), [(30, 64), (160, 96), (600, 120), (1200, 248)])
def test_the_parts_of_a_card_do_not_overlap(width: int, height: int) -> None:
    parts = card_parts(width, height, has_end=True)
    assert not parts.start.intersects(parts.end) and not parts.end.intersects(parts.words)
    assert parts.end.right() == width
    assert card_parts(width, height).start == card_parts(width, height).picture


def test_a_card_says_that_it_goes_on_from_a_video_and_has_loras(qapp: object) -> None:
    plain_look = CardLook(number=1, prompt="A ball.", seed="", length="1 s", picture=plain("#888888"), picture_key=1)
    paints = Paints(QFont())
    before = draw_card(plain_look, 200, 160, paints, 1.0).toImage()
    for changes in ({"from_video": True, "video_words": ("From a video", "Video")}, {"own_loras": 2}):
        look = CardLook(**{name: getattr(plain_look, name) for name in plain_look.__slots__} | changes)
        assert draw_card(look, 200, 160, paints, 1.0).toImage() != before


def test_a_narrow_card_says_video_in_a_word(qapp: object) -> None:
    def card(*words: str) -> object:
        look = CardLook(number=1, prompt="A ball.", seed="", length="1 s", from_video=True, video_words=words)
        return draw_card(look, 64, 94, Paints(QFont()), 1.0).toImage()

    assert card("From a video", "Video") == card("Video") != card("From a video")


def test_a_film_that_starts_from_a_video_alone_shows_its_last_frame(
    panel: TimelinePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    film = panel.film
    write_video(film.document.folder / "media" / "walk.mp4", [grey(20)] * 20 + [grey(200)])
    film.commands.film.change("No picture", reference_image=None)
    film.commands.clips.change("Video", ["c1"], start_video="media/walk.mp4")
    qtbot.waitUntil(lambda: panel.source.look(0, 96).picture is not None)
    look = panel.source.look(0, 96)
    assert look.ghost and look.picture is not None
    assert abs(look.picture.toImage().pixelColor(20, 20).red() - 200) < 12


def right_of(hands: Hands, panel: TimelinePanel, number: int) -> QPoint:
    left, right = panel.view.scene.card_span(number - 1)
    return QPoint(round(left + (START_SHARE + 0.15) * (right - left)), hands.card(number).y())


def test_a_picture_on_the_right_of_a_card_is_its_end(panel: TimelinePanel, hands: Hands, qtbot: QtBot) -> None:
    assert hands.drop(files(PICTURE), right_of(hands, panel, 3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].end_image is not None)
    assert panel.film.document.storyboard.clips[2].image is None
    assert "ends on a picture" in describe(panel.source, 2)
    assert panel.source.look(2, 96).has_end


def test_the_hint_says_which_end(panel: TimelinePanel, hands: Hands) -> None:
    hands.drop(files(PICTURE), right_of(hands, panel, 3), let_go=False)
    assert panel.view.overlay.drop_hint == "End clip 3 on this picture"
    hands.drop(files(PICTURE), hands.card(3) - QPoint(20, 0), let_go=False)
    assert panel.view.overlay.drop_hint == "Cut here and start clip 3 from this picture"


def test_a_family_that_knows_no_end_has_no_right_side(panel: TimelinePanel, hands: Hands) -> None:
    panel.film.commands.film.change("Family", family="dance")
    hands.drop(files(PICTURE), right_of(hands, panel, 3), let_go=False)
    assert panel.view.overlay.drop_hint == "Anchor from clip 3 on"


def test_a_video_on_a_card_is_what_the_clip_goes_on_from(
    panel: TimelinePanel, hands: Hands, qtbot: QtBot, tmp_path: Path
) -> None:
    video = files(write_video(tmp_path / "walk.mp4", counted(20)))
    hands.drop(video, right_of(hands, panel, 3), let_go=False)
    assert panel.view.overlay.drop_hint == "Cut here: clip 3 goes on from the end of this video"
    assert hands.drop(video, hands.card(3))
    qtbot.waitUntil(lambda: panel.film.document.storyboard.clips[2].start_video is not None)
    assert "goes on from a video" in describe(panel.source, 2)
    assert panel.source.look(2, 96).from_video


def test_a_video_between_two_cards_is_a_new_clip(
    panel: TimelinePanel, hands: Hands, qtbot: QtBot, tmp_path: Path
) -> None:
    video = files(write_video(tmp_path / "walk.mp4", counted(20)))
    assert hands.drop(video, QPoint(hands.edge(2) + 4, hands.card(1).y()))
    qtbot.waitUntil(lambda: len(ids(panel)) == 11)
    new = panel.film.document.storyboard.clips[2]
    assert new.cut and new.start_video is not None and new.image is not None


def test_another_end_picture_is_another_card(panel: TimelinePanel, qtbot: QtBot) -> None:
    film = panel.film
    qtbot.waitUntil(lambda: panel.source.reference("media/first.png", 96, "c2") is not None)
    before = panel.source.look(1, 96)
    film.commands.clips.change("End", ["c2"], end_image="media/first.png")
    after = panel.source.look(1, 96)
    assert (before.has_end, after.has_end, after.end_key > 0) == (False, True, True)
