"""A picture that never ends, or crashes its decoder, costs one sentence: the program waits no longer than it says."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.media.images import look_at, open_reference
from svi_studio.media.pictures import decoder
from svi_studio.media.pictures.order import Answer
from svi_studio.own_python import python_environment
from tests.media.pictures.bombs import scan_bomb
from tests.patience import SECONDS

_READ = "import sys; from pathlib import Path; from svi_studio.media.images import open_reference as read"
NEEDS_LIMITS = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")


@pytest.fixture(autouse=True)
def fresh_decoders(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(decoder, "_slow", decoder._Slow())
    decoder.end_idle()
    yield
    decoder.end_idle()


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    path = tmp_path / "bomb.jpg"
    path.write_bytes(scan_bomb())
    assert path.stat().st_size < 500_000
    return path


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    Image.new("RGB", (20, 12), "red").save(tmp_path / "sound.png")
    return tmp_path / "sound.png"


def decoders_of(process: psutil.Process) -> list[psutil.Process]:
    return [each for each in process.children(recursive=True) if decoder._MODULE in _command(each)]


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # it has just ended, whosever it was
        return ""


def test_a_picture_that_takes_too_long_is_refused_and_its_decoder_is_gone(
    bomb: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "SECONDS", 0.5)
    with pytest.raises(BadInput, match=r"bomb\.jpg.* takes longer than 10 seconds to read"):
        open_reference(bomb)
    assert decoders_of(psutil.Process()) == []


def test_it_is_not_tried_again_for_every_look_at_it(bomb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "SECONDS", 0.5)
    with pytest.raises(BadInput):
        open_reference(bomb)
    monkeypatch.setattr(decoder, "_take", lambda _: pytest.fail("a decoder was started for it"))
    with pytest.raises(BadInput, match="takes longer"):
        look_at(bomb)


def test_the_reading_stops_when_it_is_asked_to(bomb: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(Stopped):
        open_reference(bomb, should_stop=stop)
    assert decoders_of(psutil.Process()) == []


@NEEDS_LIMITS
def test_ctrl_c_ends_the_program_while_a_bomb_is_decoded(bomb: Path) -> None:
    patient = "from svi_studio.media.pictures import decoder; decoder.SECONDS = 3600.0"  # so that only Ctrl-C ends it
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell's background ignores it
    code = f"{_READ}; {patient}; {heard}; read(Path(sys.argv[1]))"
    program = subprocess.Popen(
        [sys.executable, "-c", code, str(bomb)], stderr=subprocess.PIPE, env=python_environment(), text=True
    )
    watched = psutil.Process(program.pid)
    while not (decoding := [each for each in decoders_of(watched) if each.cpu_times().user > 0.2]):
        assert program.poll() is None
        time.sleep(0.02)
    program.send_signal(signal.SIGINT)
    _, errors = program.communicate(timeout=SECONDS)
    assert errors.strip().endswith("KeyboardInterrupt")
    assert not any(each.is_running() for each in decoding)


@NEEDS_LIMITS
def test_a_decoder_whose_owner_was_killed_ends_by_itself(sound: Path) -> None:
    code = f"{_READ}; read(Path(sys.argv[1])); print('read', flush=True); sys.stdin.read()"
    program = subprocess.Popen(
        [sys.executable, "-c", code, str(sound)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=python_environment(),
    )
    assert program.stdout is not None
    assert program.stdout.readline().strip() == b"read"
    idle = decoders_of(psutil.Process(program.pid))
    assert len(idle) == 1
    program.kill()
    program.communicate()
    assert psutil.wait_procs(idle, timeout=30)[1] == []


@NEEDS_LIMITS
def test_a_decoder_may_use_only_so_much_of_the_processor() -> None:
    code = "from svi_studio.media.limits import limit_seconds; limit_seconds(0)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", code], env=python_environment(), check=False, timeout=60)
    assert done.returncode == -signal.SIGXCPU


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not hold a process to it")
def test_a_decoder_may_use_only_so_much_memory() -> None:
    code = (
        "from svi_studio.media.limits import limit_memory; limit_memory(300 << 20)\n"
        "try: bytearray(400 << 20)\nexcept MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], env=python_environment(), check=True, capture_output=True)
    assert done.stdout.strip() == b"refused"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell the limits of another process")
def test_the_decoder_has_both_limits(sound: Path) -> None:
    open_reference(sound)
    (process,) = decoders_of(psutil.Process())
    assert 0 < process.rlimit(psutil.RLIMIT_AS)[0] <= 2 << 30
    assert 0 < process.rlimit(psutil.RLIMIT_CPU)[0] <= 15


def test_a_picture_that_crashes_its_decoder_is_broken_and_the_next_one_is_read(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_reference(sound)
    (process,) = decoders_of(psutil.Process())
    real = decoder._exchange

    def crashing(*words: Any) -> Answer:
        process.kill()
        process.wait()
        return real(*words)

    monkeypatch.setattr(decoder, "_exchange", crashing)
    with pytest.raises(BadInput, match="broken"):
        open_reference(sound)
    monkeypatch.undo()
    assert open_reference(sound).size == (20, 12)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense\n",
        b'{"kind": "PNG"}\n',
        Answer("PNG", (2, 2), (2, 2), pixels=bytes(3)).line(),
        Answer("PNG", (9999, 9999), (9999, 9999)).line(),
        Answer("PNG", (2, 2), (2, 2)).line().replace(b'"notes": []', b'"notes": ["say this"]'),
    ],
)
def test_what_a_decoder_answers_is_not_believed(line: bytes) -> None:
    with pytest.raises(ValueError):
        Answer.read(line)


def test_one_decoder_reads_many_pictures(sound: Path) -> None:
    for _ in range(3):
        open_reference(sound)
    assert len(decoders_of(psutil.Process())) == 1


def test_a_picture_that_needs_too_much_memory_is_refused_in_a_sentence(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder, "_exchange", lambda *_: Answer(fault="memory"))
    with pytest.raises(BadInput, match="needs too much memory to read"):
        open_reference(sound)


def test_only_the_decoder_opens_pictures() -> None:
    """Every reader of a picture goes through the one: nothing else calls what opens a file or bytes as a picture."""
    root = Path(decoder.__file__).parents[3]
    calls = ("Image.open(", "QImageReader(", "imread(", "loadFromData(", "QMovie(")
    found = [
        path.relative_to(root).as_posix()
        for package in ("svi_studio", "trainer")
        for path in (root / package).rglob("*.py")
        if any(call in path.read_text(encoding="utf-8") for call in calls)
    ]
    assert found == ["svi_studio/media/pictures/reading.py"]
