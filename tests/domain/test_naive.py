"""Naive films that come out ahead of honest ones are told of, with the measures that they win."""

from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.naive import PICTURE, TO_AND_FRO, fooled, naive_sentence


def arm(name: str, similarity: float, sharpness: float) -> DriftArm:
    clips = ({"similarity": 0.9, "sharpness": 1.0}, {"similarity": similarity, "sharpness": sharpness})
    return DriftArm(name=name, films=(TestFilm(name="1. A fox", clips=clips),))


def report(*arms: DriftArm) -> DriftReport:
    return DriftReport(arms=(arm("base", 0.5, 0.8), arm("lora", 0.7, 1.3), *arms))


def test_without_naive_films_nothing_is_said() -> None:
    assert naive_sentence(report()) is None


def test_the_measures_that_they_win_and_the_films_are_named() -> None:
    made = report(arm(PICTURE, 1.0, 1.0), arm(TO_AND_FRO, 0.6, 1.1))
    figures, films = fooled(made)
    assert ([figure.name for figure in figures], films) == (["similarity", "sharpness"], (TO_AND_FRO, PICTURE))
    assert naive_sentence(made) == (
        "Naive films come out ahead in similarity to the reference, sharpness (the first clip to and fro, the picture "
        "alone), though nothing new happens in them: read these measures together with motion."
    )


def test_one_that_loses_fools_nobody() -> None:
    assert fooled(report(arm(TO_AND_FRO, 0.6, 0.5))) == ((), ())
