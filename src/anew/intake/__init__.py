"""Intake: files as agencies publish them become vintages. Plan, report, then write whole or not.

`ingest` is the whole of it for a program; `anew ingest` is the same for a person.
"""

from __future__ import annotations

from anew.intake.ingestion import Consequences, ingest
from anew.intake.reading import Answers
from anew.intake.report import IntakeReport, render

__all__ = ["Answers", "Consequences", "IntakeReport", "ingest", "render"]
