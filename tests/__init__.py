"""The tests mirror the packages; run them with pytest from the root of the checkout."""
