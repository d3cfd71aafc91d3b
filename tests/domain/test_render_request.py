"""Requests for renders: values that say which clips, and how they stand."""

import pytest
from pydantic import ValidationError

from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from tests.builders.renders import request
from tests.builders.storyboards import film


def test_a_request_survives_json() -> None:
    queued = request("one")
    assert QueuedRender.model_validate_json(queued.model_dump_json()) == queued


@pytest.mark.parametrize(("first", "last"), [(0, 3), (2, 1), (-1, 0), (3, 3)])
def test_a_request_asks_for_clips_that_are_there(first: int, last: int) -> None:
    with pytest.raises(ValidationError):
        RenderRequest(id="r", storyboard=film(3), first=first, last=last)


def test_both_ends_count() -> None:
    assert RenderRequest(id="r", storyboard=film(3), first=1, last=2).clips == 2


def test_what_is_over_is_known() -> None:
    over = {status for status in QueueStatus if status.is_over}
    assert over == {QueueStatus.DONE, QueueStatus.FAILED, QueueStatus.STOPPED}
