"""Set-up brings the build of torch that fits, says which and why, and remembers what was wished."""

import json
import os
from pathlib import Path

import pytest

from tests.launcher.house import House

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the POSIX launcher")

NVIDIA_SMI = """
case "$*" in
*--query-gpu=*compute_cap*) echo "NVIDIA GeForce {name}, {driver}, 24564, {capability}" ;;
*) exit 2 ;;
esac
"""
UV = """
echo "uv $*" >> "$LOG"
case "$*" in
*--target*) exit "${FAKE_FETCH_STATUS:-0}" ;;
*--torch-backend*)
    [ "${FAKE_UV_STATUS:-0}" = 0 ] || exit "$FAKE_UV_STATUS"
    echo "1+uv" > "$LOG.torch"
    echo "${UV_AMD_GPU_ARCHITECTURE:-}" > "$LOG.amd" ;;
*) for last; do :; done; cp "$last" "$LOG.pins" ;;
esac
"""
FETCHED_UV = 'case "$name" in *-uv.txt) cp "$FAKES/the-uv" "$(dirname "$0")/uv" ;; esac'


def card(house: House, name: str = "RTX 4090", driver: str = "580.65.06", capability: str = "8.9") -> None:
    house.fake("nvidia-smi", NVIDIA_SMI.format(name=name, driver=driver, capability=capability))
    house.environment.pop("SVI_TORCH", None)


def chosen(house: House) -> dict[str, str]:
    content = json.loads((house.folder / ".venv" / "torch-choice.json").read_text())
    return {name: str(value) for name, value in content.items()}


def backends(house: House) -> list[str]:
    return [step.split("--torch-backend ")[1].split()[0] for step in house.steps() if "--torch-backend" in step]


def test_a_new_card_gets_the_pinned_build_with_its_hash_and_cudas_libraries(house: House) -> None:
    card(house)
    done = house.run("info", FAKE_TORCH_NEEDS="nvidia-cublas==1")
    assert house.steps() == ["venv", *2 * ["pip requirements.txt"], "pip requirements-cuda.txt", "svi_studio"]
    assert "torch 1 is installed: NVIDIA GeForce RTX 4090 with driver 580.65.6 runs CUDA 13.0." in done.stderr
    assert "./svi torch NAME" in done.stderr
    assert chosen(house)["backend"] == "pinned"


def test_the_rest_is_installed_first_with_its_hashes_and_without_torch(house: House) -> None:
    house.pin("requirements.txt", "torch==1 \\\n    --hash=sha256:a\nzipp==1 \\\n    --hash=sha256:b")
    house.run("info")
    assert Path(f"{house.log}.pins").read_text() == "zipp==1 \\\n    --hash=sha256:b\n"


def test_an_old_card_gets_the_last_build_that_is_made_for_it(house: House) -> None:
    card(house, "GTX 1060", capability="6.1")
    house.fake("uv", UV)
    done = house.run("info")
    assert backends(house) == ["cu126"]
    assert "torch 1+uv is installed: NVIDIA GeForce GTX 1060" in done.stderr


def test_with_an_old_driver_uv_chooses(house: House) -> None:
    card(house, driver="560.35")
    house.fake("uv", UV)
    house.run("info")
    (torch,) = (step for step in house.steps() if "--torch-backend" in step)
    assert torch.endswith("--torch-backend auto torch==1")
    assert {"--no-build", "--constraint"} <= set(torch.split())


def test_amd_is_told_to_uv(house: House) -> None:
    house.fake("nvidia-smi", "exit 9")
    house.fake("rocminfo", "printf 'Agent 1\\n  Name: gfx1100\\n  Marketing Name: RX 7900\\n  Device Type: GPU\\n'")
    house.fake("uv", UV)
    del house.environment["SVI_TORCH"]
    if any(Path("/sys/bus/pci/devices").glob("*/driver/module/drivers/pci:nvidia")):
        pytest.skip("this computer has an NVIDIA card")
    house.run("info")
    assert backends(house) == ["auto"]
    assert Path(f"{house.log}.amd").read_text() == "gfx1100\n"


def test_uv_is_fetched_with_its_hash_where_the_computer_has_none(house: House) -> None:
    card(house, "GTX 1060", capability="6.1")
    house.fake("the-uv", UV)
    done = house.run("info", FAKE_ON_INSTALL=FETCHED_UV)
    assert house.steps()[1:3] == ["pip requirements.txt", "pip requirements-uv.txt"]
    assert backends(house) == ["cu126"]
    assert done.returncode == 0


@pytest.mark.parametrize("has_uv", [True, False])
def test_the_pinned_build_comes_where_no_other_can_be_had(house: House, has_uv: bool) -> None:
    card(house, "GTX 1060", capability="6.1")
    if has_uv:
        house.fake("uv", UV.replace("*) for last", "*requirements.txt) exit 1 ;;\n*) for last"))
    done = house.run("info", FAKE_UV_STATUS="1")
    assert "can't be had from here. Taking the one that requirements.txt pins" in done.stderr
    assert (done.returncode, chosen(house)["backend"], house.steps()[-1]) == (0, "pinned", "svi_studio")


def test_a_wish_is_remembered_when_the_pins_change(house: House) -> None:
    card(house)
    house.run("info", SVI_TORCH="cpu")
    assert chosen(house) == {"wanted": "cpu", "backend": "cpu", "reason": "as you chose.", "instead_of": ""}
    house.pin("requirements.txt", "torch==2")
    house.run("info")
    assert chosen(house)["wanted"] == "cpu"


def test_torch_stays_where_other_pins_change(house: House) -> None:
    house.run("info")
    house.pin("requirements.txt", "torch==1\nzipp==2")
    done = house.run("info", FAKE_PACKAGES="torch zipp")
    assert house.steps() == ["pip requirements.txt", "svi_studio"]
    assert "torch" not in done.stderr.replace("requirements", "")


def test_one_command_changes_the_build_and_takes_the_old_ones_libraries_out(house: House) -> None:
    card(house)
    house.run("info")
    done = house.run("torch", "cpu", FAKE_PACKAGES="torch nvidia-cublas triton filelock")
    assert house.steps() == ["fetch requirements-cpu.txt", "remove torch nvidia-cublas triton"]
    assert "torch 1+cpu is installed: as you chose." in done.stderr
    assert house.run("info").stderr == ""


def test_without_a_name_the_command_looks_at_the_card_again(house: House) -> None:
    card(house)
    house.run("torch", "cpu")
    assert chosen(house)["wanted"] == "cpu"
    house.run("torch")
    assert chosen(house)["wanted"] == "auto"
    assert "RTX 4090" in chosen(house)["reason"]


def test_a_change_that_was_interrupted_goes_on_with_the_same_wish(house: House) -> None:
    card(house)
    house.run("info")
    assert house.run("torch", "pinned", FAKE_PIP_STATUS="1").returncode == 1
    assert house.run("info").returncode == 0
    assert house.steps() == ["fetch requirements.txt", "pip requirements.txt", "svi_studio"]
    assert chosen(house)["wanted"] == "pinned"
    assert house.run("info").stderr == ""


@pytest.mark.parametrize(("name", "status"), [("cu126", 0), ("pinned", 1)])
def test_what_is_installed_stays_where_the_other_build_does_not_come(house: House, name: str, status: int) -> None:
    card(house)
    house.run("info", SVI_TORCH="cpu")
    done = house.run("torch", name, FAKE_FETCH_STATUS="1", FAKE_PACKAGES="torch nvidia-cublas")
    assert done.returncode == status
    assert ("The torch that is installed stays." in done.stderr) is not bool(status)
    assert not any(step.startswith("remove") for step in house.steps())
    assert chosen(house)["backend"] == "cpu"
    again = house.run("info")
    assert (again.returncode, again.stderr, house.steps()) == (0, "", ["svi_studio"])


def test_a_build_that_came_instead_is_not_praised_and_stays(house: House) -> None:
    card(house, "GTX 1060", capability="6.1")
    done = house.run("info", FAKE_UV_STATUS="1")
    assert "may not use your graphics card" in done.stderr
    assert "CUDA 12.6" not in done.stderr
    house.pin("requirements.txt", "torch==1\nzipp==2")
    house.run("info", FAKE_PACKAGES="torch zipp")
    assert house.steps() == ["pip requirements.txt", "svi_studio"]


def test_a_uv_that_is_too_old_is_overcome_by_the_pinned_one(house: House) -> None:
    card(house, "GTX 1060", capability="6.1")
    house.fake("uv", 'case "$*" in *--torch-backend*) exit 2 ;; *) exit 1 ;; esac')
    house.fake("the-uv", UV)
    house.run("info", FAKE_ON_INSTALL=FETCHED_UV)
    assert backends(house) == ["cu126"]
    assert chosen(house)["backend"] == "cu126"


def test_a_name_that_is_no_build_is_one_sentence(house: House) -> None:
    done = house.run("torch", "cuda")
    assert (done.returncode, done.stderr.count("\n"), house.steps()) == (1, 1, [])
    assert "torch has no build 'cuda'. Choose auto, cpu" in done.stderr


@pytest.mark.parametrize("note", ["[1]", '{"wanted": null}'])
def test_a_spoilt_note_of_the_last_choice_is_passed_over(house: House, note: str) -> None:
    house.run("info")
    (house.folder / ".venv" / "torch-choice.json").write_text(note)
    house.pin("requirements.txt", "torch==2")
    assert house.run("info").returncode == 0
