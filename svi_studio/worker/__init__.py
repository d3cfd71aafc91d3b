"""The process that renders: it reads requests, runs the engine, and sends events. Never imports Qt."""
