"""The names of the files in a take, for those who write them and those who read them."""

LATENTS = "latents.safetensors"
"""The clip before decoding: one tensor `latents`, float32 `[1, C, T, h, w]`, normalised."""
LOSSLESS_VIDEO = "frames.mkv"
"""Every frame of the clip, every pixel exact (FFV1): what films and exports are made from."""
VIEWING_VIDEO = "take.mp4"
"""The clip for looking at: visually lossless H.264, enlarged as the model card says."""
POSTER = "poster.png"
"""The frame in the middle of the clip."""


def tail_frame(number: int) -> str:
    """Name of one of the last frames, as PNG: 0 is the oldest of those that the next clip starts from."""
    return f"tail-{number:02}.png"
