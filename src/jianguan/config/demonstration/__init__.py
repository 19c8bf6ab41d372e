"""A demonstration: invented organisations, people and projects, entered through the real actions."""
