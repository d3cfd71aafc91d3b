"""The check before a render says what keeps a film from being made, what makes it worse, and what it will take."""

from dataclasses import replace
from typing import Any

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.editing.recipe_edits import apply_recipe
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.speed_recipe import BUILT_IN, offered
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.finding import Finding
from svi_studio.domain.render.cost import RenderCost
from svi_studio.domain.render.film_check import FilmLook, check_film
from svi_studio.domain.render.fitting import Fitting
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from tests.builders.storyboards import film

OLD, NEW = ARCHITECTURES[WAN_2_1_I2V], ARCHITECTURES[WAN_2_2_I2V_A14B]
SVI = LoraTraits(svi=True)
FAST = LoraTraits(distilled=True)
SAYS = "fp8, 12 of 40 blocks stay on the card, about 9 minutes a clip"
FITS = Fitting(EVERYTHING_RESIDENT, f"Fits: {SAYS}.", seconds=540.0)


def look(
    board: Storyboard | None = None,
    *,
    size: tuple[int, int] = (832, 480),
    clips: int = 3,
    loras: dict[str, tuple[str, LoraTraits]] | None = None,
    card: dict[str, Any] | None = None,
    distilled: bool = False,
    family: str = "pro",
    **changes: Any,
) -> FilmLook:
    """A film for Wan 2.2 with both SVI LoRAs, unless ``loras`` are others; each has its expert and traits."""
    loras = {"h": ("high", SVI), "l": ("low", SVI)} if loras is None else loras
    board = board or film(clips)
    uses = tuple(LoraUse.model_validate({"file": name, "expert": expert}) for name, (expert, _) in loras.items())
    board = edits.change_film(board, family=family, loras=uses)
    architecture = NEW if family == "pro" else OLD
    facts = FilmFacts(
        ModelCard.model_validate({"name": "wan"} | (card or {})),
        "0" * 64,
        {name: str(number) * 64 for number, name in enumerate(loras)},
        dict.fromkeys(board.images(), "a" * 64),
        size,
        image_sizes=dict.fromkeys(board.images(), size),
        lora_traits={name: traits for name, (_, traits) in loras.items()},
        architecture=architecture,
        distilled=distilled,
    )
    planner = FilmPlanner(board, facts)
    jobs = () if planner.problem or any(map(planner.refusal, range(clips))) else plan_film(planner).jobs
    known = FilmLook(board, facts, planner, jobs, jobs, RenderCost(clips, None, None), "fp8-scaled", FITS, 10**11)
    return replace(known, **changes)


def told(found: FilmLook, subject: str) -> list[Finding]:
    return [finding for finding in check_film(found) if finding.subject == subject]


def one(found: FilmLook, subject: str) -> Finding:
    (finding,) = told(found, subject)
    return finding


def changed(**changes: Any) -> Storyboard:
    return edits.change_film(film(3), **changes)


def test_a_film_that_is_set_up_well_has_nothing_but_good_findings() -> None:
    found = check_film(look())
    assert {finding.verdict for finding in found} == {"good"}
    assert [finding.subject for finding in found] == [
        *("Family", "Clips", "LoRAs", "Steps", "Precision", "Size", "Seeds", "Memory", "Disk", "Time"),
    ]
    assert one(look(), "Memory").fact == SAYS
    assert one(look(), "Time").fact == "about 27 minutes, as far as can be computed; the first clip will tell"


def test_a_model_whose_title_says_what_it_is_is_not_said_to_be_that_again() -> None:
    assert one(look(card={"title": f"{NEW.title}, fp8"}), "Family").fact == f"Pro, with {NEW.title}, fp8"
    assert one(look(card={"title": "Mine"}), "Family").fact == f"Pro, with Mine, {NEW.title}"


def test_a_family_that_the_model_cannot_film_is_bad_and_comes_first() -> None:
    wrong = look()
    wrong = replace(
        wrong, planner=FilmPlanner(wrong.storyboard, replace(wrong.facts, architecture=OLD)), jobs=(), missing=()
    )
    first = check_film(wrong)[0]
    assert (first.verdict, first.subject) == ("bad", "Film")
    assert "Pro is for Wan 2.2 I2V A14B" in first.fact
    assert told(wrong, "Time") == []


def test_clips_that_cannot_be_rendered_are_named_the_first_three() -> None:
    board = film(5)
    for clip in board.clips:
        board = edits.change_clip(board, clip.id, prompt=" ")
    found = told(look(board, clips=5), "Clips")
    assert [finding.verdict for finding in found] == ["bad"] * 4
    assert found[0].fact.startswith("Clip 1 has no prompt")
    assert found[3].fact == "2 more clips cannot be rendered"


def test_a_lora_on_the_wrong_expert_is_a_note_with_the_click_that_mends_it() -> None:
    crossed = {"a": ("low", LoraTraits(expert="high", svi=True)), "b": ("high", LoraTraits(expert="low", svi=True))}
    finding = one(look(loras=crossed), "LoRAs")
    assert (finding.verdict, finding.advice) == ("note", 'in the film\'s LoRAs: "Exchange them"')


@pytest.mark.parametrize(
    ("loras", "clips", "drifts"),
    [
        ({}, 3, True),
        ({}, 1, False),
        ({"f": ("both", FAST)}, 3, True),
        ({"s": ("both", SVI)}, 3, False),
        ({"mine": ("both", LoraTraits())}, 3, False),
    ],
)
def test_a_long_film_that_nothing_keeps_from_drifting_is_told(
    loras: dict[str, tuple[str, LoraTraits]], clips: int, drifts: bool
) -> None:
    said = [finding.fact for finding in told(look(loras=loras, clips=clips, family="film"), "LoRAs")]
    assert any("drifts from clip to clip" in fact for fact in said) is drifts


def test_a_film_of_cuts_alone_does_not_drift() -> None:
    board = film(2)
    board = edits.change_clip(board, board.clips[1].id, cut=True)
    assert not any("drifts" in finding.fact for finding in told(look(board, loras={}, clips=2, family="film"), "LoRAs"))


@pytest.mark.parametrize(
    ("changes", "loras", "words"),
    [
        ({}, {"f": ("both", FAST)}, "guidance of the high-noise expert is 5 with a LoRA for few steps"),
        ({"guidance_scale": 1.0}, {"f": ("both", FAST)}, "50 steps with a LoRA for few steps only cost time"),
        ({"guidance_scale": 1.0, "num_inference_steps": 4}, {"f": ("both", FAST)}, ""),
        ({"guidance_scale": 3.5, "guidance_scale_low": 1.0}, {"l": ("low", FAST)}, ""),
        (
            {"guidance_scale": 3.5, "guidance_scale_low": 3.5},
            {"l": ("low", FAST)},
            "guidance of the low-noise expert is 3.5",
        ),
        ({"num_inference_steps": 4}, {"h": ("high", SVI), "l": ("low", SVI)}, "4 steps without a LoRA for few steps"),
        ({"num_inference_steps": 4}, {"h": ("high", SVI), "l": ("low", FAST)}, "guidance of the low-noise expert"),
    ],
)
def test_steps_and_guidance_go_with_the_loras_of_each_expert(
    changes: dict[str, Any], loras: dict[str, tuple[str, LoraTraits]], words: str
) -> None:
    said = [
        finding.fact for finding in told(look(changed(**changes), loras=loras), "Steps") if finding.verdict == "note"
    ]
    assert any(words in fact for fact in said) if words else said == []


def test_a_model_made_for_few_steps_counts_like_such_a_lora() -> None:
    burnt = told(look(distilled=True), "Steps")
    why = "on a model that is made for few steps"
    assert [finding.fact for finding in burnt] == [
        f"guidance of the high-noise expert is 5 {why}, which burns the picture out",
        f"guidance of the low-noise expert is 5 {why}, which burns the picture out",
        f"50 steps {why} only cost time",
    ]
    assert burnt[0].advice == 'set guidance to 1, or choose a recipe such as "fast4"'
    found = told(look(changed(num_inference_steps=4, guidance_scale=1.0), distilled=True), "Steps")
    assert [finding.verdict for finding in found] == ["good"]


def test_the_recipe_that_is_advised_mends_what_was_told_of_such_a_model() -> None:
    found = look(distilled=True)
    recipes = offered(BUILT_IN, NEW, found.facts.card, distilled=True)
    (fast,) = (each for each in recipes if each.name == "fast4")
    assert fast.loras == ()
    assert [each.verdict for each in told(look(apply_recipe(film(3), fast), distilled=True), "Steps")] == ["good"]


def test_no_recipe_is_advised_that_there_is_not() -> None:
    small = look(loras={"f": ("both", FAST)}, family="film")
    small = replace(small, facts=replace(small.facts, architecture=ARCHITECTURES[WAN_2_2_TI2V_5B]))
    assert [finding.advice for finding in told(small, "Steps")] == ["set guidance to 1", "use 4 to 8"]


def test_a_clip_of_its_own_ways_is_named() -> None:
    board = changed(guidance_scale=1.0, num_inference_steps=4)
    board = edits.change_clip(board, board.clips[1].id, guidance_scale=6.0)
    found = told(look(board, loras={"f": ("both", FAST)}, family="film"), "Steps")
    assert [finding.fact.endswith("in clip 2") for finding in found] == [True]


@pytest.mark.parametrize(
    ("precision", "card", "verdict", "words"),
    [
        ("bf16", {}, "good", "bf16"),
        ("Q4_K", {}, "good", "Q4_K"),
        ("Q3_K", {}, "note", "loses detail"),
        ("fp32", {}, "note", "twice as large"),
        ("bf16", {"dtype": "float32"}, "note", "compute in 32 bits"),
    ],
)
def test_what_the_numbers_cost_or_lose(precision: str, card: dict[str, Any], verdict: str, words: str) -> None:
    finding = one(look(precision=precision, card=card), "Precision")
    assert finding.verdict == verdict
    assert words in finding.fact


def test_of_a_toy_nobody_asks_for_precision_or_memory() -> None:
    small = look(precision="fp32", fitting=replace(FITS, is_small=True))
    assert told(small, "Precision") == told(small, "Memory") == []
    assert one(small, "Time").fact == "known after the first clip"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((832, 480), ""),
        ((480, 832), ""),
        ((640, 640), ""),
        ((1280, 720), ""),
        ((1920, 1088), "larger than what the model was trained on"),
        ((320, 192), "smaller than what the model was trained on"),
    ],
)
def test_a_size_that_the_model_never_saw_is_told(size: tuple[int, int], words: str) -> None:
    finding = one(look(size=size), "Size")
    assert words in finding.fact
    assert finding.advice == ("use about 832 x 480 or 1280 x 720" if words else "")


def test_clips_longer_than_the_training_are_told_and_a_fixed_size_is_not_judged() -> None:
    assert one(look(changed(num_frames=121)), "Size").advice == "use 81"
    assert one(look(size=(80, 48), card={"width": 80, "height": 48}), "Size").verdict == "good"


def test_clips_with_the_same_seed_are_named() -> None:
    board = film(3)
    for clip in board.clips[::2]:
        board = edits.change_clip(board, clip.id, seed=7)
    assert one(look(board), "Seeds").fact.startswith("clips 1, 3 have the same one")


def test_too_little_memory_or_disk_is_bad_and_says_how_much() -> None:
    none = Fitting(None, "This model does not fit here: it needs 14 GB. What would help: a smaller size.")
    assert one(look(fitting=none), "Memory") == Finding("bad", "Memory", none.sentence)
    finding = one(look(cost=RenderCost(3, 60.0, 3 * 10**9), disk_free=10**9), "Disk")
    assert (finding.verdict, finding.advice) == ("bad", "free 2.0 GB there")
    assert one(look(cost=RenderCost(3, 65.0, 10**6)), "Time").fact == "about 1 min 5 s, going by earlier takes"


def test_a_film_that_is_rendered_needs_nothing() -> None:
    done = look(missing=(), fitting=None, cost=None)
    assert one(done, "Time").fact == "nothing is left to render"
    assert told(done, "Disk") == []
    assert one(done, "Clips").fact == "3 clips, 0 to render, 3 ready"


def test_remarks_about_pictures_are_notes() -> None:
    assert told(look(remarks=["It is a photograph."]), "Pictures and words") == [
        Finding("note", "Pictures and words", "It is a photograph.")
    ]
