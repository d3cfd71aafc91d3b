"""Gate 5: damaged safetensors headers are read or refused, and a pickle in any dress is never opened."""

import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.engine.conversion.pth_process import pth_to_safetensors
from svi_studio.weights.safetensors_header import read_header
from tests.builders.header_files import write_safetensors
from tests.gates.gate import Gate, Run
from tests.gates.mutants import mutated
from tests.weights.test_safetensors_header import GOOD

MUTANTS, DISGUISES, READ = "headers", "disguised pickles", "pickles given to the reader of .pth files"


class Canary:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.write_text, (self.file, "it ran")


def exercise(run: Run) -> None:
    """The disguises first, as each says most; then headers until the time is over."""
    canary = run.folder / "canary"
    for name, content in _disguises(canary):
        _refuse(run, name, content, canary)
    good = write_safetensors(run.folder / "good", GOOD, bytes(26)).read_bytes()
    victim = run.folder / "mutant.safetensors"
    while run.wants(MUTANTS, GATE.promised[MUTANTS]):
        victim.write_bytes(mutated(good, run.dice))
        with run.case(MUTANTS, f"header {run.outcome.exercised[MUTANTS]}"):
            try:
                read_header(victim)
            except BadWeights as error:
                assert str(error).endswith("."), f"no sentence: {error}"


def _refuse(run: Run, name: str, content: bytes, canary: Path) -> None:
    file = run.folder / name
    file.write_bytes(content)
    with run.case(DISGUISES, f"a pickle as {name}"):
        _refused(lambda: read_header(file))
        assert not canary.exists(), "it was opened"
    if run.outcome.exercised[READ] < GATE.promised[READ] and run.seconds_left > 30:
        with run.case(READ, f"a pickle as {name}, converted"):
            _refused(lambda: pth_to_safetensors(file, run.folder / "converted"))
            assert not canary.exists(), "it was opened"
    canary.unlink(missing_ok=True)


def _refused(open_it: Callable[[], object]) -> None:
    try:
        open_it()
    except StudioError as error:
        assert str(error).endswith("."), f"no sentence: {error}"
    else:
        raise AssertionError("it was accepted")


def _disguises(canary: Path) -> Iterator[tuple[str, bytes]]:
    endings = ("safetensors", "SafeTensors", "safetensors.pkl", "ckpt", "bin")
    for protocol in range(2, 6):
        content = pickle.dumps({"a": Canary(canary)}, protocol=protocol)
        for ending in endings:
            yield f"pickle{protocol}.{ending}", content
    last = pickle.dumps(Canary(canary))
    for ending in endings[:4]:
        yield f"zip.{ending}", _zipped(last)
        yield f"tar.{ending}", _tarred(last)
        yield f"behind-a-length.{ending}", len(last).to_bytes(8, "little") + last


def _zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", content)
        archive.writestr("archive/version", "3")
    return buffer.getvalue()


def _tarred(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("pickle")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


GATE = Gate(5, "hostile weights", {MUTANTS: 100_000, DISGUISES: 30, READ: 8}, exercise)
