"""Writers of stories and captions: from templates, or by asking a chat model."""
