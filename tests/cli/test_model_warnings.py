"""What the command line says of pictures and words that the model cannot make anything of."""

from pathlib import Path

from svi_studio.cli.model_warnings import warnings_of
from svi_studio.project.film.film_source import open_film
from tests.builders.open_films import theatre_picture
from tests.cli.conftest import Run
from tests.photographs import photograph_file

PICTURE = "The bundled model draws only its paper theatre; your picture would fall apart."
WORDS = 'The bundled model does not know "dog" and "Paris".'


def test_new_warns_in_a_line_and_makes_the_project(run: Run) -> None:
    photograph_file(Path("me.png"))
    ended = run("new", "holiday", "--image", "me.png", "--prompt", "The dog is in Paris.", "--clips", 1)
    assert ended.code == 0 and (Path("holiday.svi") / "project.json").exists()
    lines = ended.err.splitlines()
    assert [line.startswith(start) for line, start in zip(lines, (PICTURE, WORDS), strict=True)] == [True, True]
    assert ended.err.count("--model") == 1 and lines[-1].endswith("--model.")


def test_new_says_nothing_of_what_the_model_knows(run: Run) -> None:
    theatre_picture(Path("boat.png"))
    assert run("new", "sea", "--image", "boat.png", "--prompt", "The red boat rests.", "--clips", 1).err == ""


def test_a_story_on_a_photograph_is_warned_of(run: Run) -> None:
    photograph_file(Path("me.png"))
    ended = run("storyline", "a red boat", "--image", "me.png", "--clips", 1, "-o", "story.json")
    assert ended.code == 0 and PICTURE in ended.err


def test_another_model_and_loras_of_the_films_own_are_not_judged(run: Run) -> None:
    photograph_file(Path("me.png"))
    run("new", "holiday", "--image", "me.png", "--prompt", "The dog is in Paris.", "--clips", 1)
    film = open_film(Path("holiday.svi"))
    assert len(warnings_of(film)) == 2
    assert warnings_of(film, "tiny-random") == ()
    assert warnings_of(film, "a model that is not here") == ()
