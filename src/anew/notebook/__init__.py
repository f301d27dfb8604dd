"""Notebooks: the session that one opens, and the process in which it runs."""
