"""What figures say: facts, claims, tests of the study's statements, and the words on a figure.

Pure functions from frames to plain values; a notebook hands these to its session. A claim is
{id, holds, evidence, fails_when}, a statement's finding {id, ours, agrees, evidence, test,
depends}, as `Session.claim` and `Session.statement` take them. Evidence names a table, a year and
an economy by the codes of the catalogue.
"""
