"""SHA-256 of model folders and LoRA files by content, remembered on disk so that a large file is read only once."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from platformdirs import user_cache_path

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused, Stopped, StudioError
from svi_studio.domain.film.track import InputKind
from svi_studio.weights.file_print import file_print
from svi_studio.weights.lora_strength import strength_beside
from svi_studio.weights.model_folder import (
    OPTIONAL_PARTS,
    PARTS,
    SOUND_ENCODER,
    SOUND_ENCODER_STEM,
    TOKENIZER,
    input_files,
    linked_files,
    sound_encoder_files,
    weights_files,
)
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES

_BLOCK = 4 * 1024 * 1024
_MAX_REMEMBERED = 10_000

ShouldStop = Callable[[], bool]


def _never() -> bool:
    return False


def file_hash(path: Path, cache: Path | None = None, should_stop: ShouldStop = _never) -> str:
    """SHA-256 (64 hex digits) of the content of `path`.

    Remembered by absolute path, size, time of change, beginning and end in `cache` (default: a file in the user's cache
    folder), which may be lost or broken at any time at no other cost than reading again. Raises BadWeights when `path`
    cannot be read, and Stopped soon after `should_stop()` turns true.
    """
    cache = cache or _usual_cache()
    try:
        key = _key(path)
        known = _remembered(cache)
        if key in known:
            return known[key]
        found = _sha256(path, should_stop)
        if _key(path) == key:  # not while someone is still writing it
            _remember(cache, known | {key: found})
        return found
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The file {path} cannot be read ({error.strerror}); check that it is there.") from error


def lora_hash(path: Path, cache: Path | None = None, should_stop: ShouldStop = _never) -> str:
    """SHA-256 of what decides pixels in a LoRA file: its content, and its strength where peft's file beside it says so.

    That file changes nothing where it means what is assumed without it: the hash is that of the content then.

    Raises BadWeights and Stopped as `file_hash` does.
    """
    content, strength = file_hash(path, cache, should_stop), strength_beside(path)
    return hashlib.sha256(f"{content} {strength}".encode()).hexdigest() if strength else content


def model_hash(folder: Path, cache: Path | None = None, should_stop: ShouldStop = _never) -> str:
    """SHA-256 of everything in a model folder that decides pixels: configurations, weights and tokenizer.

    The card, a read-me or anything else may change without changing the hash. Raises BadWeights when a part is missing,
    and Stopped as `file_hash` does.
    """
    return parts_hash(folder, (TOKENIZER, *PARTS), cache, should_stop)


def unread_bytes(folder: Path, cache: Path | None = None) -> int:
    """How much ``model_hash`` would have to read, because nobody remembers it. Raises BadWeights as it does."""
    known = _remembered(cache or _usual_cache())
    try:
        files = [path for _, path in _deciding_files(folder, (TOKENIZER, *PARTS))]
        return sum(path.stat().st_size for path in files if _key(path) not in known)
    except OSError as error:
        raise BadWeights(f"The model in {folder} cannot be read ({error.strerror}); check that it is there.") from error


def _usual_cache() -> Path:
    return user_cache_path("svi-studio", appauthor=False) / "content-hashes.json"


def parts_hash(
    folder: Path, parts: Collection[str], cache: Path | None = None, should_stop: ShouldStop = _never
) -> str:
    """Like `model_hash`, of the named parts only (keys of `PARTS`, or `TOKENIZER`)."""
    digest = hashlib.sha256()
    for name, path in sorted(_deciding_files(folder, parts)):
        digest.update(f"{name}\0{file_hash(path, cache, should_stop)}\n".encode())
    return digest.hexdigest()


def input_hash(
    folder: Path, kind: InputKind, cache: Path | None = None, should_stop: ShouldStop = _never
) -> str | None:
    """SHA-256 of what a model folder has to follow inputs of that kind; None when it has nothing for it.

    It is no part of `model_hash`: who adds it to a model changes no film that does without. Raises as `model_hash`.
    """
    files = input_files(folder, kind)
    if not files:
        return None
    hashes = [file_hash(path, cache, should_stop) for path in files]
    own = hashes[0] if len(files) == 1 else hashlib.sha256(" ".join(hashes).encode()).hexdigest()
    if kind is not InputKind.SOUND:
        return own
    return hashlib.sha256(f"{own} {sound_encoder_hash(folder, cache, should_stop)}".encode()).hexdigest()


def sound_encoder_hash(folder: Path, cache: Path | None = None, should_stop: ShouldStop = _never) -> str:
    """SHA-256 of the network by which a model folder hears; raises BadWeights when it is not there, and Stopped."""
    place = folder / SOUND_ENCODER
    files, linked = sound_encoder_files(folder), linked_files(folder, SOUND_ENCODER)
    if not files:
        raise BadWeights(
            f"The model in {folder} has no {SOUND_ENCODER}/{SOUND_ENCODER_STEM}.safetensors: copy it again."
        )
    digest = hashlib.sha256()
    for path in (place / "config.json", *files):
        name = f"{SOUND_ENCODER_STEM}.safetensors" if (path,) == linked else path.name
        digest.update(f"{name}\0{file_hash(path, cache, should_stop)}\n".encode())
    return digest.hexdigest()


def _deciding_files(folder: Path, parts: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The files that decide pixels and what stands for them in the hash: of a file elsewhere, neither name nor place.

    So a linked model keeps its hash wherever its files are moved to and whatever they are called there.
    """
    if TOKENIZER in parts:
        own = sorted(path for path in (folder / TOKENIZER).glob("*") if path.is_file())
        yield from _named(folder, TOKENIZER, linked_files(folder, TOKENIZER) or own)
    for part in PARTS:
        if part in parts and (part not in OPTIONAL_PARTS or (folder / part).is_dir()):
            yield from _named(folder, part, (folder / part / "config.json", *weights_files(folder, part)))


def _named(folder: Path, part: str, files: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    linked = linked_files(folder, part)
    for path in files:
        own = path.relative_to(folder).as_posix() if path not in linked else ""
        yield own or f"{part}/linked-{linked.index(path):05d}", path


def _key(path: Path) -> str:
    """With its print: two experts have the same size, and out of one archive the same time as well."""
    status = path.stat()
    return f"{path.resolve()}|{status.st_size}|{status.st_mtime_ns}|{file_print(path)[:16]}"


def _sha256(path: Path, should_stop: ShouldStop) -> str:
    digest = hashlib.sha256()
    with open_plain(path, MAX_FILE_BYTES) as file:
        while block := file.read(_BLOCK):
            if should_stop():
                raise Stopped(f"The reading of {path} was stopped.")
            digest.update(block)
    return digest.hexdigest()


def _remembered(cache: Path) -> dict[str, str]:
    with contextlib.suppress(OSError, ValueError):
        content = json.loads(cache.read_text(encoding="utf-8"))
        if isinstance(content, dict):
            return {str(key): value for key, value in content.items() if isinstance(value, str) and len(value) == 64}
    return {}


def _remember(cache: Path, known: dict[str, str]) -> None:
    recent = dict(list(known.items())[-_MAX_REMEMBERED:])
    with contextlib.suppress(OSError, StudioError):  # a cache that cannot be written costs time, never a render
        cache.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(cache, json.dumps(recent, indent=0).encode(), sync=False)
