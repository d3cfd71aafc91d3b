"""Recording: what was heard is what is in the file, placed by when it was captured, and kept whatever happens."""

import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import perf_counter
from weakref import WeakSet

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from svi_studio.domain.errors import DiskFull
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.jobs.sound import devices, wav_stream
from svi_studio.jobs.sound import recorder as recorder_module
from svi_studio.jobs.sound.devices import NoSoundDevice, SoundStream
from svi_studio.jobs.sound.input_device import Hear, SoundInputs
from svi_studio.jobs.sound.recorder import Recorder, Recording
from svi_studio.jobs.sound.wav_stream import WavStream
from tests.jobs.sound.fake_microphone import FakeMicrophones
from tests.patience import SECONDS

Sound = NDArray[np.float32]


def tone(count: int, channels: int = 1) -> Sound:
    wave_ = np.sin(np.arange(count) * 0.05, dtype=np.float32) * 0.5
    return np.repeat(wave_[:, None], channels, axis=1).astype(np.float32)


def read(path: Path) -> Sound:
    with wave.open(str(path)) as stream:
        assert (stream.getframerate(), stream.getsampwidth()) == (SAMPLE_RATE, 3)
        data = np.frombuffer(stream.readframes(stream.getnframes()), np.uint8).reshape(-1, stream.getnchannels(), 3)
    padded = np.concatenate([np.zeros((*data.shape[:2], 1), np.uint8), data], axis=2)
    return (padded.reshape(len(data), -1).view("<i4") / 2**31).astype(np.float32)


@pytest.fixture
def package() -> FakeMicrophones:
    return FakeMicrophones()


@pytest.fixture
def recorder(package: FakeMicrophones, qapp: object) -> Iterator[Recorder]:
    made = Recorder(SoundInputs(lambda: package))
    yield made
    assert made.close()


def begin(recorder: Recorder, qtbot: QtBot, file: Path, device: str = "") -> None:
    assert recorder.start(file, device)
    qtbot.waitUntil(lambda: recorder.is_open)


def stopped(recorder: Recorder, qtbot: QtBot) -> Recording:
    with qtbot.waitSignal(recorder.finished) as ended:
        recorder.stop()
    assert ended.args is not None
    recording: Recording = ended.args[0]
    return recording


def test_what_was_heard_is_in_the_file_and_when_it_was_captured_is_known(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(recorder, qtbot, tmp_path / "take.wav")
    before = perf_counter()
    sound = tone(5000)
    for start in range(0, 5000, 500):
        package.stream.hear(sound[start : start + 500])
    after = perf_counter()
    recording = stopped(recorder, qtbot)
    assert np.abs(read(recording.file) - sound).max() < 1e-6
    assert recording.samples == 5000
    assert before - 0.18 <= recording.captured_at <= after - 0.18
    assert package.stream.closed
    assert recording.remark == ""


def test_it_is_laid_under_what_was_heard_while_it_was_captured_not_while_it_arrived() -> None:
    recording = Recording(Path("x"), 100, captured_at=50.0)
    assert recording.film_sample(heard_at=49.0, film_sample=1000) == 1000 + SAMPLE_RATE
    assert recording.film_sample(heard_at=50.5, film_sample=0) == -SAMPLE_RATE // 2


def test_a_device_that_tells_no_time_is_judged_by_its_latency(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(recorder, qtbot, tmp_path / "take.wav")
    before = perf_counter()
    package.stream.hear(tone(100), ago=None)
    assert before - 0.1 <= stopped(recorder, qtbot).captured_at <= perf_counter() - 0.1


def test_the_usual_microphone_comes_first_and_one_with_many_channels_is_recorded_in_stereo(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    package.hosts[0]["name"] = "Windows WASAPI"
    assert SoundInputs(lambda: package).inputs() == ("Microphone", "Interface")
    begin(recorder, qtbot, tmp_path / "take.wav", "Interface")
    assert (package.stream.arguments["device"], package.stream.arguments["channels"]) == (1, 2)
    package.stream.hear(tone(900, 2))
    assert read(stopped(recorder, qtbot).file).shape == (900, 2)


def test_a_microphone_that_is_gone_by_name_is_the_usual_one(package: FakeMicrophones) -> None:
    package.hosts[0]["name"] = "Windows WASAPI"
    SoundInputs(lambda: package).open(lambda *_: None, lambda: None, "Headset")
    assert package.stream.arguments["device"] == 2


def test_a_microphone_that_was_plugged_in_later_is_seen_and_a_refresh_ends_no_open_stream(
    package: FakeMicrophones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "_open_streams", WeakSet())
    inputs = SoundInputs(lambda: package)
    assert inputs.inputs() and package.looked == 1
    stream = inputs.open(lambda *_: None, lambda: None)
    assert package.looked == 2
    inputs.inputs()
    second = inputs.open(lambda *_: None, lambda: None)
    assert package.looked == 2, "a stream is open"
    stream.abort()
    second.abort()


def test_windows_converts_the_rate_only_where_it_refuses_it() -> None:
    for refuses in (False, True):
        package = FakeMicrophones("Windows WASAPI", refuses_rate=refuses)
        SoundInputs(lambda found=package: found).open(lambda *_: None, lambda: None)
        assert bool(package.stream.arguments["extra_settings"]) == refuses


def test_no_microphone_is_one_sentence(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    package.devices.clear()
    with qtbot.waitSignal(recorder.failed) as said:
        assert recorder.start(tmp_path / "take.wav")
    assert said.args is not None
    assert said.args[0].startswith("No microphone was found")
    assert not (tmp_path / "take.wav").exists()
    with pytest.raises(NoSoundDevice):
        SoundInputs(lambda: package).open(lambda *_: None, lambda: None)


def test_a_microphone_that_goes_away_ends_the_recording_and_keeps_it(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(recorder, qtbot, tmp_path / "take.wav")
    package.stream.hear(tone(700))
    with qtbot.waitSignal(recorder.finished) as ended:
        package.stream.vanish()
    assert ended.args is not None
    assert ended.args[0].samples == 700
    assert "gone" in ended.args[0].remark
    assert not recorder.is_recording


def test_a_device_that_falls_silent_without_a_word_is_noticed(
    recorder: Recorder,
    package: FakeMicrophones,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recorder_module, "LOST_SECONDS", 0.15)
    begin(recorder, qtbot, tmp_path / "take.wav")
    package.stream.hear(tone(10))
    with qtbot.waitSignal(recorder.finished) as ended:
        pass
    assert ended.args is not None
    assert "gone" in ended.args[0].remark


def test_a_device_that_wakes_up_slowly_is_waited_for(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "LOST_SECONDS", 0.05)
    begin(recorder, qtbot, tmp_path / "take.wav")
    qtbot.wait(250)
    assert recorder.is_recording
    package.stream.hear(tone(10))
    assert stopped(recorder, qtbot).samples == 10


def test_a_driver_that_takes_its_time_holds_up_nobody(
    package: FakeMicrophones, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "WAKES_WITHIN", 0.05)
    goes_on, inputs = Event(), SoundInputs(lambda: package)
    threads: list[str] = []

    class SlowInputs(SoundInputs):
        def open(self, hear: Hear, ended: Callable[[], None], name: str = "") -> SoundStream:
            threads.append(QThread.currentThread().objectName())
            assert goes_on.wait(SECONDS)
            return inputs.open(hear, ended, name)

    recorder = Recorder(SlowInputs())
    assert recorder.start(tmp_path / "take.wav") and recorder.is_recording
    qtbot.wait(200)
    assert recorder.is_recording and not recorder.is_open, "how long it takes to open is not how long it is silent"
    goes_on.set()
    qtbot.waitUntil(lambda: recorder.is_open)
    package.stream.hear(tone(10))
    assert stopped(recorder, qtbot).samples == 10
    assert threads == ["recording"]
    assert recorder.close()


def test_one_that_is_stopped_before_it_is_open_is_let_go(
    package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    recorder = Recorder(SoundInputs(lambda: package))
    recorder.start(tmp_path / "take.wav")
    with qtbot.waitSignal(recorder.failed):
        recorder.stop()
    assert package.stream.closed and not recorder.is_recording
    assert recorder.close()


def test_one_that_never_wakes_up_is_told(
    recorder: Recorder, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "WAKES_WITHIN", 0.05)
    begin(recorder, qtbot, tmp_path / "take.wav")
    with qtbot.waitSignal(recorder.failed) as said:
        pass
    assert said.args is not None and "gone" in said.args[0]


def test_half_a_second_of_nothing_is_told_once_and_on_a_mac_with_the_permission(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    recorder.hinted.connect(said.append)
    monkeypatch.setattr(sys, "platform", "darwin")
    begin(recorder, qtbot, tmp_path / "take.wav")
    package.stream.hear(np.zeros((SAMPLE_RATE, 1), np.float32))
    qtbot.waitUntil(lambda: bool(said))
    assert "Privacy & Security" in said[0]
    package.stream.hear(np.zeros((SAMPLE_RATE, 1), np.float32))
    stopped(recorder, qtbot)
    assert len(said) == 1


def test_lost_samples_are_counted_and_told(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(recorder, qtbot, tmp_path / "take.wav")
    package.stream.hear(tone(10))
    for _ in range(2):
        package.stream.hear(tone(10), lost=True)
    assert "2 places" in stopped(recorder, qtbot).remark


def test_a_recording_without_any_sound_leaves_no_file(recorder: Recorder, qtbot: QtBot, tmp_path: Path) -> None:
    begin(recorder, qtbot, tmp_path / "take.wav")
    with qtbot.waitSignal(recorder.failed):
        recorder.stop()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_ends_it_with_a_sentence_and_what_is_on_the_disk_stays(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = WavStream.write
    written: list[int] = []

    def write(self: WavStream, sound: Sound) -> None:
        if written:
            raise DiskFull("The disk is full at there: free some space.")
        written.append(len(sound))
        real(self, sound)

    monkeypatch.setattr(WavStream, "write", write)
    begin(recorder, qtbot, tmp_path / "take.wav")
    with qtbot.waitSignal(recorder.finished) as ended:
        package.stream.hear(tone(400))
        package.stream.hear(tone(400))
    assert ended.args is not None
    assert "full" in ended.args[0].remark
    assert len(read(tmp_path / "take.wav")) == 400
    assert package.stream.closed


def test_a_file_that_is_there_already_is_left_alone(
    recorder: Recorder, package: FakeMicrophones, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "take.wav").write_bytes(b"mine")
    begin(recorder, qtbot, tmp_path / "take.wav")
    with qtbot.waitSignal(recorder.failed):
        package.stream.hear(tone(10))
    assert (tmp_path / "take.wav").read_bytes() == b"mine"


def test_a_file_that_was_cut_off_reads_up_to_its_last_second(tmp_path: Path) -> None:
    stream = WavStream(tmp_path / "cut.wav", 1)
    sound = tone(3000)
    stream.write(sound[:2000])
    stream.flush()
    stream.write(sound[2000:])
    cut = tmp_path / "copy.wav"
    cut.write_bytes((tmp_path / "cut.wav").read_bytes())
    assert np.abs(read(cut)[:2000] - sound[:2000]).max() < 1e-6
    stream.close()
    assert len(read(tmp_path / "cut.wav")) == 3000


def test_what_is_too_loud_or_no_number_is_written_as_what_can_be(tmp_path: Path) -> None:
    stream = WavStream(tmp_path / "loud.wav", 1)
    stream.write(np.array([[2.0], [-2.0], [np.nan], [np.inf]], np.float32))
    stream.close()
    assert np.allclose(read(tmp_path / "loud.wav")[:, 0], [1, -1, 0, 1], atol=1e-6)


def test_a_wav_is_full_before_its_header_can_say_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wav_stream, "MOST_BYTES", SAMPLE_RATE * 3 + 300)
    stream = WavStream(tmp_path / "full.wav", 1)
    assert not stream.is_full
    stream.write(tone(200))
    assert stream.is_full
    stream.close()
