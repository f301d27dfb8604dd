"""Typesetting: HTML, PDF and Word, with Quarto or with the embedded typesetter."""
