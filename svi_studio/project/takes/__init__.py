"""The take store: one folder a take, which exists if and only if its manifest does."""
