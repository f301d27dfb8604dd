"""Manifests, records, reproduction, certificates and research objects."""
