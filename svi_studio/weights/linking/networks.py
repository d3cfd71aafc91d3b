"""Puts the files of a scan together to networks: shards that belong to one, and what lies inside another file."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.filmable import Network
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.gguf_header import is_gguf, read_gguf_header
from svi_studio.weights.safetensors_header import read_header
from svi_studio.weights.scan.judge import HEARS, TALK
from svi_studio.weights.scan.scan import SHARD, scan_folder, what_is

_TOKENIZER_INSIDE = "spiece_model"
_TOKENIZER_KIND, _UNIGRAM = "tokenizer.ggml.model", "t5"


def networks_of(rows: Iterable[ModelFile]) -> tuple[Network, ...]:
    """Those of ``rows`` that can be used, shards together; LoRAs and weights of no use here are left out."""
    groups: dict[tuple[str, ...], list[ModelFile]] = {}
    for row in rows:
        if row.usable and row.kind != "lora" and (row.kind != "other" or row.architecture in (TALK, HEARS)):
            groups.setdefault(_key(row), []).append(row)
    return tuple(_network(sorted(group, key=lambda row: row.path)) for group in groups.values())


def network_at(path: Path) -> tuple[Network, ModelFile]:
    """The network that the file ``path`` is, or is one shard of, and what is known of that file.

    Raises BadInput when there is no such file, and when it cannot be used.
    """
    path = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 - a link keeps its own name, which tells an expert
    rows = [what_is(path)]
    if SHARD.fullmatch(path.name):
        rows = [row for row in scan_folder(path.parent).files if _key(row) == _key(rows[0])] or rows
    refused = next((row for row in rows if not row.usable), None)
    if refused is not None:
        raise BadInput(refused.why)
    return _network(rows), rows[0]


def tokenizer_inside(network: Network) -> Network | None:
    """The tokenizer that the text encoder ``network`` carries in its own file; None when it has none, or is damaged."""
    for name in network.files:
        if _carries_tokenizer(Path(name)):
            return Network(kind="tokenizer", architecture=network.architecture, files=(name,), bytes=network.bytes)
    return None


def _carries_tokenizer(path: Path) -> bool:
    try:
        if is_gguf(path):
            return read_gguf_header(path).metadata.get(_TOKENIZER_KIND) == _UNIGRAM
        return _TOKENIZER_INSIDE in read_header(path).tensors
    except BadWeights:
        return False


def _key(row: ModelFile) -> tuple[str, ...]:
    folder, name = os.path.split(row.path)
    match = SHARD.fullmatch(name)
    return (folder, match["stem"], match["count"]) if match else (row.path,)


def _network(rows: list[ModelFile]) -> Network:
    first = rows[0]
    return Network(
        kind=first.kind,
        architecture=first.architecture,
        expert=first.expert,
        precision=first.precision,
        files=tuple(row.path for row in rows),
        bytes=sum(row.bytes for row in rows),
    )


def stems(networks: Iterable[Network]) -> Iterator[str]:
    """The file name of each without its ending and its number among shards."""
    for network in networks:
        name = os.path.basename(network.files[0])  # noqa: PTH119 - the path may be of another system
        match = SHARD.fullmatch(name)
        yield match["stem"] if match else re.sub(r"\.\w+$", "", name)
