"""A secret shows itself to nobody but its own server."""

import copy
import json
import logging
import pickle
import pprint
from dataclasses import asdict, dataclass

import pytest
from pydantic import BaseModel, ConfigDict

from svi_studio.net.secret import Secret

HOME = "https://models.example"


@dataclass(frozen=True)
class Holder:
    key: Secret


SHOWN = {
    "str": str,
    "repr": repr,
    "format": lambda secret: f"{secret:>80}",
    "percent": lambda secret: "%s %r" % (secret, secret),  # noqa: UP031 - loggers write like this
    "in a list": lambda secret: repr([secret]),
    "in a dataclass": lambda secret: repr(Holder(secret)),
    "as a dict": lambda secret: repr(asdict(Holder(secret))),
    "pprint": lambda secret: pprint.pformat({"key": secret}),
    "json with a default": lambda secret: json.dumps(secret, default=str),
    "its attributes": lambda secret: repr([getattr(secret, name) for name in dir(secret)]),
    "a log record": lambda secret: logging.LogRecord("a", 10, "a.py", 1, "%s", (secret,), None).getMessage(),
    "a copy": lambda secret: repr(copy.deepcopy([secret])),
    "bytes": lambda secret: repr(str(secret).encode()),
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN.keys())
def test_a_secret_is_never_shown(show: "object") -> None:
    assert "canary" not in show(Secret("canary", HOME))  # type: ignore[operator]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_never_pickled(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("canary", HOME), protocol)


def test_a_secret_is_no_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"key": Secret("canary", HOME)})


def test_a_value_with_a_secret_is_not_written() -> None:
    class Model(BaseModel):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        key: Secret

    with pytest.raises(Exception) as caught:
        Model(key=Secret("canary", HOME)).model_dump_json()
    assert "canary" not in str(caught.value)


def test_a_secret_can_only_be_set_once() -> None:
    with pytest.raises(AttributeError):
        Secret("canary", HOME).words = "other"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (Secret("canary", HOME), True),
        (Secret("other", HOME), False),
        (Secret("canary", "https://other.example"), False),
    ],
)
def test_secrets_are_equal_by_words_and_server(other: Secret, same: bool) -> None:
    assert (Secret("canary", HOME) == other) is same
