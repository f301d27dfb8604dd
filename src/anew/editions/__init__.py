"""Editions: which vintages and parameters make one yearly report, and how the next one is made."""
