"""The networks that find a body and hands in a picture: where their files lie, and what their numbers mean."""
