"""Tests of the models: what is found, fetched and shown of them."""
