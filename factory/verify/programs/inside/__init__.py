"""Scripts that run inside a jail, sent there as text; nothing here is called in our own process but `plain.py`."""
