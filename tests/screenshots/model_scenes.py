"""The Models window: what is installed, what another program's folder holds, what can be got, the LoRAs."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.builders.linkable_files import comfy
from tests.builders.weights_trees import lora, safetensors
from tests.journey.user import User
from tests.screenshots.camera import Camera


def photograph_models(user: User, camera: Camera) -> None:
    """Every page, with what a ComfyUI folder in outline holds."""
    with TemporaryDirectory() as room:
        models = user.studio.open_models(user.window)
        window, desk = models.window, models.desk
        assert window is not None
        user.wait(lambda: desk.has_looked, 30, "the models are known")
        camera.window("models", window)
        tree = comfy(Path(room) / "ComfyUI" / "models")
        for name in ("wan2.2_i2v_lightx2v_4steps_lora_v1_high_noise", "Soft light", "Snow"):
            safetensors(tree / "loras" / f"{name}.safetensors", lora())
        window.take([tree])
        user.wait(lambda: desk.search.result is not None and not desk.search.is_searching, 30, "the folder is known")
        user.wait(lambda: len(desk.loras) > 2, 30, "the LoRAs are known")
        camera.window("models-found", window)
        for page in ("get", "loras"):
            window.show_page(page)
            camera.window(f"models-{page}", window)
        window.close()
