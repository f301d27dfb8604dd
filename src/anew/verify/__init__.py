"""Verification: records, reproduction, certificates and research objects."""
