"""The stage of the paper theatre: its size, its clock and the marks on which everything starts and stops.

Positions lie on a grid of 8 pixels, the cell of the video latents, and things move 2 or 12 pixels a frame, so that one
latent frame (4 frames) always covers whole cells. A small network then learns motion as a shift by cells.
"""

WIDTH = 80  # pixels
HEIGHT = 48  # pixels
NUM_FRAMES = 21  # 1 + 5 * 4, six latent frames
FPS = 12.0
CELL = 8  # pixels

ACTION_START = 5  # first frame that moves; frames 0 to 4 rest, so that five motion frames show a still picture
ACTION_END = 13  # first frame that rests again: the last five frames lie in latent frames in which nothing moves
ACTION_FRAMES = ACTION_END - ACTION_START

FLOOR = 43  # y of the line on which subjects stand
OVERSAMPLE = 6  # shapes are cut this much larger and reduced, which gives them clean edges

Colour = tuple[int, int, int]
