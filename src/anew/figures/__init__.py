"""What a figure needs to be drawn in two languages: style, fonts, labels, legibility."""
