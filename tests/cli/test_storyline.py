"""``svi-studio storyline``: from keywords to a storyboard that renders at once."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from svi_studio.cli.story_file import StoryFile
from svi_studio.cli.story_pictures import PictureSource, chosen_pictures
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import known_words_of
from tests.cli.conftest import Run
from tests.net.clients import client_for
from tests.net.raw_server import http
from tests.storyline.chat_replies import Storyteller, head
from tests.storyline.fake_server import Asked, FakeServer, Sent
from tests.storyline.pictures.picture_site import Site, openverse_entry, picture_bytes, providers, standing


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def board(name: str = "story.json") -> dict[str, Any]:
    return json.loads(Path(name).read_text(encoding="utf-8"))


def picture(name: str, colour: str = "red") -> Path:
    Image.new("RGB", (96, 64), colour).save(name)
    return Path(name)


def test_keywords_become_a_storyboard_that_renders_at_once(run: Run) -> None:
    ended = run("storyline", "a red boat", "--clips", 4, "-o", "story.json")
    assert ended.code == 0
    assert len(prepare(open_film(Path("story.json"))).plan.jobs) == 4


def test_it_says_plainly_that_templates_wrote_it(run: Run) -> None:
    ended = run("storyline", "a red boat", "-o", "story.json")
    assert "Templates write this story" in ended.err
    assert "written by Templates, with 10 clips" in ended.out


def test_it_says_how_to_go_on(run: Run) -> None:
    assert "svi-studio render story.json -o story.mp4" in run("storyline", "a red boat", "-o", "story.json").out


def test_a_word_that_the_model_lacks_is_told(run: Run) -> None:
    ended = run("storyline", "a dog, a street", "-o", "story.json")
    assert '"cat" stands in for it' in ended.err and '"city" stands in for it' in ended.err


def test_a_model_of_any_words_is_told_of_anything(run: Run) -> None:
    ended = run(
        "storyline", "a dog, a street", "-o", "story.json", "--model", "tiny-random", "--image", picture("a.png")
    )
    assert ended.code == 0
    assert all("dog" in clip["prompt"] for clip in board()["clips"])


def test_without_any_picture_it_says_what_is_missing(run: Run) -> None:
    ended = run("storyline", "a dog", "-o", "story.json", "--model", "tiny-random")
    assert "no start picture yet" in ended.out and "reference_image" not in board()


def test_an_own_picture_beside_the_storyboard_is_used_where_it_is(run: Run) -> None:
    run("storyline", "a red boat", "-o", "story.json", "--image", picture("own.png"))
    assert board()["reference_image"] == "own.png"


def test_a_picture_from_elsewhere_is_copied_beside_the_storyboard(run: Run, tmp_path: Path) -> None:
    own = picture(str(tmp_path / "holiday.png"))
    run("storyline", "a red boat", "-o", "story.json", "--image", own)
    assert board()["reference_image"] == "story.png"
    assert Path("story.png").read_bytes() == own.read_bytes()


def test_a_copy_never_takes_the_place_of_another_file(run: Run, tmp_path: Path) -> None:
    picture("story.png", "blue")
    before = Path("story.png").read_bytes()
    run("storyline", "a red boat", "-o", "story.json", "--image", picture(str(tmp_path / "holiday.png")))
    assert (board()["reference_image"], Path("story.png").read_bytes()) == ("story-2.png", before)


def test_several_pictures_start_scenes_of_their_own(run: Run) -> None:
    words = ("--image", picture("a.png"), "--image", picture("b.png", "blue"))
    run("storyline", "a red boat", "-o", "story.json", "--clips", 4, *words)
    clips = board()["clips"]
    assert [clip.get("cut", False) for clip in clips] == [False, False, True, False]
    assert (board()["reference_image"], clips[2]["image"]) == ("a.png", "b.png")


def test_the_same_words_write_the_same_storyboard(run: Run) -> None:
    for name in ("one", "two"):
        run("storyline", "a red boat", "--seed", 7, "--cuts", "-o", f"{name}.json")
    assert board("one.json")["clips"] == board("two.json")["clips"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("", "-o", "s.json"), "has no subject"),
        (("a cathedral", "-o", "s.json"), "name one of these"),
        (("x" * 401, "-o", "s.json"), "longer than 400 letters"),
        (("a boat", "-o", "s.txt"), "ends in .json"),
        (("a boat", "-o", "nowhere/s.json"), "There is no folder nowhere"),
        (("a boat", "-o", "s.json", "--clips", "501"), "1 to 500"),
        (("a boat", "-o", "s.json", "--clips", "0"), "1 to 500"),
        (("a boat", "-o", "s.json", "--image", "gone.png"), "was not found"),
        (("a boat", "-o", "s.json", "--family", "opera"), "no family called 'opera'"),
        (("a boat", "-o", "s.json", "--local", "nowhere"), "There is no folder nowhere"),
        (("a boat", "-o", "s.json", "--server", "ftp://example.org"), "s.json"),
        (("a boat", "-o", "s.json", "--server", "http://example.org", "--local", "x"), "not allowed with"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence_and_nothing_is_written(run: Run, words: Any, sentence: str) -> None:
    ended = run("storyline", *words)
    assert ended.code in (1, 2)
    assert sentence in ended.err or sentence == "s.json"
    assert "Traceback" not in ended.err and not Path("s.json").exists()


def test_a_storyboard_that_is_there_is_never_written_over_unasked(run: Run) -> None:
    Path("story.json").write_text("mine")
    ended = run("storyline", "a red boat", "-o", "story.json")
    assert ended.code == 2 and "--overwrite" in ended.err
    assert Path("story.json").read_text() == "mine"


@pytest.mark.parametrize("option", ["--overwrite", "-y", "--replace"])
def test_a_storyboard_is_written_over_when_asked(run: Run, option: str) -> None:
    Path("story.json").write_text("mine")
    assert run("storyline", "a red boat", "-o", "story.json", option).code == 0
    assert board()["title"] == "a red boat"


def test_a_server_writes_the_story(run: Run) -> None:
    with FakeServer(Storyteller()) as server:
        ended = run("storyline", "a dog", "--clips", 5, "-o", "story.json", "--server", server.url, "--model-name", "m")
    assert ended.code == 0
    assert "step 5 " in board()["clips"][4]["prompt"] and "written by m" in ended.out


def test_words_of_a_server_that_the_model_does_not_know_are_told(run: Run) -> None:
    with FakeServer(Storyteller()) as server:
        ended = run("storyline", "a boat", "--clips", 2, "-o", "s.json", "--server", server.url, "--model-name", "m")
    assert "The bundled model does not know " in ended.err


def test_a_server_that_refuses_is_one_sentence(run: Run) -> None:
    def refuse(asked: Asked) -> Sent:
        yield head(401, "application/json")

    with FakeServer(refuse) as server:
        ended = run("storyline", "a dog", "-o", "story.json", "--server", server.url, "--model-name", "m")
    assert ended.code == 1 and "key" in ended.err.splitlines()[-1] and not Path("story.json").exists()


def test_what_a_server_wrote_before_it_failed_is_kept(run: Run) -> None:
    tell = Storyteller(letters=200)

    def once(asked: Asked) -> Sent:
        yield from tell(asked) if not server.asked[1:] else [head(400, "application/json")]

    with FakeServer(once) as server:
        ended = run("storyline", "a dog", "--clips", 30, "-o", "s.json", "--server", server.url, "--model-name", "m")
    assert ended.code == 1 and "s.json holds what was written" in ended.err
    assert len(board("s.json")["clips"]) == 15


def test_the_picture_is_shown_to_the_server(run: Run) -> None:
    words = ("--model-name", "m", "--image", picture("own.png"))
    with FakeServer(Storyteller()) as server:
        run("storyline", "a dog", "--clips", 2, "-o", "story.json", "--server", server.url, *words)
    assert server.asked[0].pictures[0].startswith("data:image/jpeg")


def test_the_first_picture_found_is_taken_with_its_credit(tmp_path: Path) -> None:
    said: list[str] = []
    with standing(Site()) as server:
        site = Site(openverse=[openverse_entry(server.url, 1), openverse_entry(server.url, 2)])
    site.files = {"/full/2.jpg": http(picture_bytes(), content_type="image/jpeg")}
    with standing(site) as server:
        assert isinstance(site.openverse, list)
        for number, entry in enumerate(site.openverse, 1):
            entry["url"] = f"{server.url}/full/{number}.jpg"
        source = PictureSource(providers(server), client_for(server, max_bytes=1_000_000))
        options = Namespace(image=[], search=True, subject="red boat", seed=0)
        found = chosen_pictures(options, None, lambda: False, said.append, source)
    cards = Proposal(cards=(ProposedCard(prompt="The boat sails.", image=str(found.files[0])),), writer="Templates")
    StoryFile(tmp_path / "s.json", may_replace=False).write(cards, found, family="film", model="m", title="boat")
    found.close()
    credit = open_film(tmp_path / "s.json").storyboard.credits[0]
    assert (credit.picture, credit.author, credit.licence) == ("s.jpg", "Ada Lovelace", "CC BY-SA 2.0")
    assert len(said) == 1 and "Red boat 1" in said[0]


def test_a_search_without_result_goes_on_with_a_picture_that_ships() -> None:
    said: list[str] = []
    known = known_words_of(resource_path("models", "svi-mini"))
    with standing(Site()) as server:
        source = PictureSource(providers(server), client_for(server, max_bytes=1_000_000))
        options = Namespace(image=[], search=True, subject="a red boat", seed=0)
        found = chosen_pictures(options, known, lambda: False, said.append, source)
    assert "No openly licensed picture" in said[0] and found.files[0].name == "boat-red-beach.png"
