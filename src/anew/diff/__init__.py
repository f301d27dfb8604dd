"""Differences between two states of a report, and how they are shown."""
