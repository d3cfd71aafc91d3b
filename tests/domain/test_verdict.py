"""One sentence says whether a LoRA helped: never more than its films show, and never for standing still."""

from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.verdict import Outcome, Verdict, verdicts

MOVING = 4.0


def arm(
    name: str, values: list[float], motion: float = MOVING, figure: str = "similarity", starts: str = ""
) -> DriftArm:
    """Films of two clips that end with these values."""
    films = [
        TestFilm(name=f"{k}", clips=({figure: 0.9, "motion": motion}, {figure: value, "motion": motion}), start=start)
        for k, (value, start) in enumerate(zip(values, starts or [""] * len(values), strict=True))
    ]
    return DriftArm(name=name, films=tuple(films))


def verdict(*arms: DriftArm) -> Verdict:
    return verdicts(DriftReport(arms=arms))[0]


BASE = arm("base", [0.50, 0.52, 0.48, 0.51])


def test_a_gain_that_chance_does_not_explain_is_a_gain() -> None:
    found = verdict(BASE, arm("lora", [0.60, 0.63, 0.58, 0.60]))
    assert found.outcome is Outcome.BETTER
    assert found.sentence == "Better than the model alone by 0.100 ± 0.013 SSIM at clip 2."
    assert "4 films of each from 4 starts" in found.basis


def test_that_starts_were_trained_on_is_said() -> None:
    def learned(made: DriftArm, count: int) -> DriftArm:
        films = [film.model_copy(update={"learned": number < count}) for number, film in enumerate(made.films)]
        return DriftArm(name=made.name, films=tuple(films))

    lora = arm("lora", [0.60, 0.63, 0.58, 0.60])
    assert "trained on" not in verdict(BASE, lora).basis
    whole = verdict(learned(BASE, 4), learned(lora, 4)).basis
    assert whole.endswith("Nothing was held out for them: they start from clips that were trained on.")
    assert "Nothing was held out for 1 of them" in verdict(learned(BASE, 1), learned(lora, 1)).basis


def test_a_gain_within_chance_is_none() -> None:
    found = verdict(BASE, arm("lora", [0.40, 0.70, 0.48, 0.60]))
    assert found.outcome is Outcome.NO_BETTER
    assert found.sentence.startswith("No better than the model alone at clip 2 (+0.04")


def test_a_loss_is_named() -> None:
    found = verdict(BASE, arm("lora", [0.40, 0.43, 0.37, 0.40]))
    assert found.outcome is Outcome.WORSE
    assert found.sentence.startswith("Worse than the model alone by 0.10")


def test_two_films_are_too_few() -> None:
    found = verdict(arm("base", [0.5, 0.5]), arm("lora", [0.9, 0.9]))
    assert found.outcome is Outcome.TOO_FEW
    assert "2 starts, and 3 are needed" in found.sentence


def test_films_from_one_start_count_once() -> None:
    found = verdict(arm("base", [0.5] * 4, starts="aaaa"), arm("lora", [0.9, 0.8, 0.9, 0.8], starts="aaaa"))
    assert found.outcome is Outcome.TOO_FEW
    assert found.gain is not None
    assert found.gain.count == 1


def test_stillness_is_no_gain() -> None:
    found = verdict(BASE, arm("lora", [0.99, 0.98, 0.99, 0.98], motion=0.2))
    assert found.outcome is Outcome.STILL
    assert found.sentence.startswith("No better than the model alone at clip 2: with the LoRA the film hardly moves")


def test_a_film_that_stands_still_at_its_end_is_no_gain() -> None:
    moving, frozen = {"similarity": 0.9, "motion": 4.0}, {"similarity": 0.99, "motion": 0.1}
    films = tuple(TestFilm(name=f"{k}", clips=(*[moving] * 8, frozen)) for k in range(4))
    base = tuple(
        TestFilm(name=f"{k}", clips=(*[moving] * 8, {"similarity": 0.5 + k / 100, "motion": 4.0})) for k in range(4)
    )
    assert verdict(DriftArm(name="base", films=base), DriftArm(name="lora", films=films)).outcome is Outcome.STILL


def test_the_truth_counts_where_it_is_known() -> None:
    base, lora = (
        arm(name, values, figure="psnr") for name, values in (("base", [20.0, 21, 22]), ("lora", [22.0, 23, 24.3]))
    )
    assert verdict(base, lora).sentence == "Better than the model alone by 2.1 ± 0.4 dB at clip 2."


def test_films_that_diverge_are_worse_however_they_begin() -> None:
    lora = arm("lora", [0.9, 0.9, 0.9, 0.9])
    broken = lora.films[0].model_copy(update={"clips": lora.films[0].clips[:1]})
    found = verdict(BASE, DriftArm(name="lora", films=(broken, *lora.films[1:])))
    assert found.outcome is Outcome.WORSE
    assert "not every film with the LoRA gets as far as clip 2" in found.sentence


def test_a_control_has_a_sentence_of_its_own() -> None:
    arms = (BASE, arm("lora", [0.60, 0.63, 0.58, 0.60]), arm("control", [0.60, 0.60, 0.60, 0.60]))
    found = verdicts(DriftReport(arms=arms))
    assert [each.against for each in found] == ["base", "control"]
    assert found[1].sentence.startswith("No better than a LoRA trained without errors at clip 2")


def test_a_report_without_a_lora_says_nothing() -> None:
    assert verdicts(DriftReport(arms=(BASE,))) == ()
