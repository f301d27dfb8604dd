"""Drawing figures in two languages: style, fonts, labels, legibility."""
