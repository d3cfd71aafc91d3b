"""The page of memory plans says what is chosen now, and all that it says fits by computation."""

import re

from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS, STORED_BITS
from svi_studio.domain.render.memory_planner import ROOM
from tests.memory_plans import CARDS, FILE, MEMORY, machine_in_table, table

ROW = re.compile(r"^\| (\d+) GB \| (.*) \|$", re.MULTILINE)


def test_the_page_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == table(), (
        "run python -m tests.memory_plans, and look at what is different"
    )


def test_every_field_of_the_page_stays_below_its_card_and_memory() -> None:
    rows = ROW.findall(FILE.read_text(encoding="utf-8"))
    assert len(rows) == len(FULL_SIZE_MODELS) * len(STORED_BITS) * len(CARDS)
    fitting = 0
    for card, fields in rows:
        for memory, field in zip(MEMORY, fields.split(" | "), strict=True):
            decision, _, used = field.partition(": ")
            machine = machine_in_table(int(card), memory)
            on_card, in_host = (float(number) * 1e9 for number in used.split(" + "))
            if decision == "no":
                assert on_card or in_host
                continue
            fitting += 1
            assert on_card <= (machine.card or 0) * ROOM + 5e7  # rounded to a tenth of a gigabyte
            assert in_host <= machine.host * ROOM + 5e7
    assert fitting > len(rows) * 2  # of three


def test_more_memory_never_makes_a_model_that_fitted_fit_no_longer() -> None:
    for _, fields in ROW.findall(FILE.read_text(encoding="utf-8")):
        fits = [not field.startswith("no") for field in fields.split(" | ")]
        assert fits == sorted(fits)
