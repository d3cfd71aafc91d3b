"""What a computer can't have is said before anything is installed."""

import importlib.util
import sys
from importlib.metadata import distributions
from pathlib import Path
from types import ModuleType

import pytest

from svi_studio.system_libraries import missing_libraries, missing_sentence, system_words

HOUSE = Path(__file__).resolve().parents[2]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HOUSE / "packaging" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


setup = load("this_system")
LINUX = setup.System("linux", "x86_64", glibc=(2, 36))


def test_this_computer_can_run_the_tests() -> None:
    assert setup.obstacle(setup.this_system()) == ""


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (setup.System("darwin", "x86_64", macos=15), "Mac with an Intel processor"),
        (setup.System("darwin", "x86_64", macos=15, is_translated=True), "Install the one for Apple silicon"),
        (setup.System("darwin", "aarch64", macos=13), "needs macOS 14 or newer, and this is macOS 13"),
        (setup.System("win32", "aarch64"), "Install the 64-bit Python for x86"),
        (setup.System("win32", "x86", is_64_bit=False), "needs a 64-bit Python"),
        (setup.System("win32", "x86_64", house="C:\\" + "a" * 57), "at most 59, as C:\\SVI,"),
        (setup.System("linux", "x86_64"), "another C library"),
        (setup.System("linux", "x86_64", glibc=(2, 27)), "needs glibc 2.28 or newer, and this Linux has 2.27"),
        (setup.System("linux", "riscv64", glibc=(2, 40)), "not made for riscv64"),
        (setup.System("linux", "x86_64", glibc=(2, 40), is_free_threaded=True), "free-threaded"),
        (setup.System("freebsd14", "x86_64"), "freebsd14"),
    ],
)
def test_what_cannot_run_the_program_is_told_so(system: object, words: str) -> None:
    said = setup.obstacle(system)
    assert words in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("system", "needed"),
    [
        (setup.System("linux", "x86_64", glibc=(2, 31)), "2.34"),
        (setup.System("linux", "aarch64", glibc=(2, 36)), "2.39"),
    ],
)
def test_an_older_linux_gets_the_command_line(system: object, needed: str) -> None:
    assert setup.obstacle(system) == ""
    assert f"the window needs {needed}" in setup.window_obstacle(system)


@pytest.mark.parametrize(
    "system",
    [
        LINUX,
        setup.System("darwin", "aarch64", macos=14),
        setup.System("win32", "x86_64", house="C:\\" + "a" * 56),
        setup.System("win32", "x86_64", house="C:\\" + "a" * 90, takes_long_names=True),
    ],
)
def test_what_fits_gets_everything(system: object) -> None:
    assert (setup.obstacle(system), setup.window_obstacle(system)) == ("", "")


def test_no_package_has_a_longer_name_than_the_room_on_windows_is_counted_by() -> None:
    """Of the wheels for this system; torch for CUDA calls its folder two letters longer than for processors."""
    names = (file for package in distributions() for file in package.files or ())
    longest = max((str(name) for name in names if "__pycache__" not in name.parts), key=len)
    assert len(longest) + len("cu130") - len("cpu") <= setup.LONGEST_NAME, longest


def test_the_window_is_left_out_of_the_pins_with_its_hashes() -> None:
    install = load("install")
    pins = ("av==1", "pyside6-essentials==6", "zipp==1")
    before, window, after = (f"{pin} \\\n    --hash=sha256:a\n" for pin in pins)
    assert install.without(install.WINDOW_PACKAGES, f"# A remark.\n{before}{window}{after}") == (
        f"# A remark.\n{before}{after}"
    )


def test_all_missing_libraries_are_named_in_one_line_with_the_command() -> None:
    gone = {"libxcb-icccm.so.4", "libxcb-keysyms.so.1"}
    missing = missing_libraries({"DISPLAY": ":0"}, loader_without(gone))
    assert set(missing) == gone
    said = missing_sentence(missing, ["debian"])
    assert said.endswith("Install them and start again: sudo apt install libxcb-icccm4 libxcb-keysyms1")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("system", "command"),
    [
        (["ubuntu", "debian"], "sudo apt install libxcb-icccm4"),
        (["rocky", "rhel", "centos", "fedora"], "sudo dnf install xcb-util-wm"),
        (["manjaro", "arch"], "sudo pacman -S xcb-util-wm"),
        (["opensuse-tumbleweed", "opensuse", "suse"], "sudo zypper install libxcb-icccm4"),
        (["nixos"], "(on Debian and Ubuntu) and start again: sudo apt install libxcb-icccm4"),
    ],
)
def test_the_command_is_that_of_the_system(system: list[str], command: str) -> None:
    assert missing_sentence(["libxcb-icccm.so.4"], system).endswith(command)


def test_either_screen_is_enough() -> None:
    both = {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}
    assert missing_libraries(both, loader_without({"libwayland-client.so.0", "libwayland-cursor.so.0"})) == []
    assert missing_libraries(both, loader_without({"libEGL.so.1"})) == ["libEGL.so.1"]


def test_a_system_says_what_it_is_like(tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n')
    assert {"linuxmint", "ubuntu", "debian"} <= set(system_words(file))
    assert system_words(tmp_path / "none") == []


def loader_without(gone: set[str]):  # noqa: ANN201 - a function for the test alone
    def load_library(name: str) -> None:
        if name in gone:
            raise OSError(name)

    return load_library
