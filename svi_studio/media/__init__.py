"""Pictures and video as files: reading reference images, streaming frames to and from ffmpeg."""
