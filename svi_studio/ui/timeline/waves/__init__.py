"""Waveforms as pictures."""
