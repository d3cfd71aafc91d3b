"""The window "Write a story" from its empty desk to a film made step by step; the internet and servers only pretend."""

import threading
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QDialog

from svi_studio.document.story.picture_search import PictureSources
from svi_studio.document.story.writer_choice import WriterKind
from svi_studio.domain.pictures.found_picture import FoundPicture, PicturePage
from svi_studio.domain.story.story_brief import StoryBrief, story_brief
from svi_studio.resource_files import resource_path
from svi_studio.storyline.story_errors import BadReply
from svi_studio.storyline.vocabulary.starting_pictures import starting_pictures
from svi_studio.ui.storyline.film_story import FilmStory
from svi_studio.ui.storyline.ready_made_dialog import ReadyMadeDialog
from svi_studio.ui.storyline.search_dialog import PictureSearchDialog
from svi_studio.ui.storyline.window import REWRITE, StoryWindow
from tests.journey.user import User
from tests.screenshots.camera import Camera
from tests.scripted_writer import ScriptedWriter

SECONDS = 60
SMALL = [(1280, 800)]


def photograph_story(user: User, camera: Camera) -> None:
    """Every page of it, over a film that is not told yet."""
    user.new_film(resource_path("storyline", "pictures", "boat-red-beach.png"))
    story = user.window.findChild(FilmStory)
    assert story is not None
    window = story.open()
    user.look(1)
    camera.window("story-empty", window)
    _write(user, camera, window)
    _writers(user, camera, window)
    _fail(user, camera, window, story)
    _pictures(user, camera, window, story)
    window.close()
    user.close_window()
    _step_by_step(user, camera)


def _write(user: User, camera: Camera, window: StoryWindow) -> None:
    window.brief.set_words("a red boat")
    window.brief.scenes.setChecked(True)
    _start(user, window)
    window.panel.select_card(3)
    camera.window("story-desk", window)
    window.panel.accept.click()
    film = user.window.film
    user.wait(lambda: len(film.document.storyboard.clips) > 4, SECONDS, "the story is in the film")
    film.selection.select([clip.id for clip in film.document.storyboard.clips[2:5]])
    window.show_mode(REWRITE)
    window.rewriting.suggestions[0].click()
    _start(user, window)
    camera.window("story-rewrite", window)
    window.panel.discard.click()
    film.selection.select([film.document.storyboard.clips[4].id])
    window.begin_at("after")
    window.brief.clips.show_value(3)
    _start(user, window)
    window.banners.dismiss("notice")
    camera.window("story-between", window, SMALL)
    window.panel.discard.click()


def _start(user: User, window: StoryWindow) -> None:
    assert window.start()
    user.wait(lambda: not window.desk.is_busy, SECONDS, "the story is written")
    user.look(0.3)


def _writers(user: User, camera: Camera, window: StoryWindow) -> None:
    for kind in (WriterKind.SERVER, WriterKind.LOCAL):
        window.writer.kind.show_value(kind)
        window.writer.kind.chosen.emit(kind)
        user.look(0.3)
        camera.window(f"story-{kind}", window, SMALL)
    window.writer.kind.show_value(WriterKind.TEMPLATES)
    window.writer.kind.chosen.emit(WriterKind.TEMPLATES)


def _fail(user: User, camera: Camera, window: StoryWindow, story: FilmStory) -> None:
    writer = ScriptedWriter(("The red boat leaves the harbour.", "A gull follows it.", "The wind freshens."))
    window.brief.clips.show_value(6)
    writer.pause, writer.pause_after = threading.Event(), 3
    story.desk.make_writer = lambda: writer
    story.desk.write(_brief(window), window.brief.target)
    user.wait(lambda: len(story.desk.differences) == 3, SECONDS, "three cards")
    camera.window("story-writing", window, SMALL)
    story.desk.cancel()
    user.wait(lambda: not story.desk.is_busy, SECONDS, "stopped")
    writer.error = lambda: BadReply(
        'The answer of "qwen2.5vl" cannot be used, and asking again did not help: it holds no cards. Ask once more, or '
        "choose another model.",
        "Sure! Here is a lovely story about a boat: once upon a time ...",
    )
    story.desk.can_use_templates = True
    story.desk.write(_brief(window), window.brief.target)
    user.wait(lambda: story.desk.failure is not None, SECONDS, "failed")
    window.panel.failure.show_raw.click()
    camera.window("story-failed", window, SMALL)
    story.desk.discard()


def _brief(window: StoryWindow) -> StoryBrief:
    return story_brief(**window.brief.fields())


def _pictures(user: User, camera: Camera, window: StoryWindow, story: FilmStory) -> None:
    shipped = starting_pictures(story.writers.known_words())
    dialog: QDialog = ReadyMadeDialog(shipped, "a red boat", user.window.thumbnails, window)
    dialog.open()
    user.look(1)
    camera.dialog("story-ready-made", dialog)
    sources = PictureSources(
        lambda _words, _page, _cancelled: PicturePage(pictures=tuple(_found(k) for k in range(12)), more=True),
        lambda found, _cancelled: Image.open(found.thumbnail_url.removeprefix("https://")).convert("RGB"),
    )
    search = PictureSearchDialog(Path(), "boat", window, sources)
    search.open()
    user.look(0.5)
    camera.keep("story-search-empty", search)
    search.search()
    user.look(1)
    search.grid.select_row(1)
    camera.dialog("story-search", search)


def _found(number: int) -> FoundPicture:
    names = ("boat-red-beach", "boat-blue-night", "cat-green-city", "bird-yellow-snow")
    path = resource_path("storyline", "pictures", f"{names[number % 4]}.png")
    return FoundPicture(
        provider="Openverse" if number % 2 else "Wikimedia Commons",
        title=f"{names[number % 4].replace('-', ' ')} in the harbour of a small town",
        author="Ann Painter" if number % 3 else "",
        licence="CC BY-SA 4.0" if number % 2 else "CC0",
        thumbnail_url=f"https://{path}",
        picture_url=f"https://pictures.example/{number}.png",
        width=4000,
        height=2400,
    )


def _step_by_step(user: User, camera: Camera) -> None:
    user.studio.show_welcome()
    user.studio.make_film_about("a red boat", look=True, seed=3)
    user.wait(lambda: bool(user.studio.windows), SECONDS, "the film")
    story = user.window.findChild(FilmStory)
    assert story is not None
    user.wait(lambda: story.window is not None, SECONDS, "the story's window")
    window = story.window
    assert window is not None and window.guide is not None
    user.look(1)
    camera.window("guide-picture", window, SMALL)
    window.guide.forward.click()
    user.wait(lambda: not story.desk.is_empty and not story.desk.is_busy, SECONDS, "the story")
    camera.window("guide-story", window)
    window.guide.forward.click()
    user.wait(window.guide.forward.isEnabled, SECONDS, "the last step")
    camera.window("guide-look", window, SMALL)
    window.close()
    user.close_window()
