"""What the preview shows: the frame under the playhead, the clip in the making, and how the film plays."""
