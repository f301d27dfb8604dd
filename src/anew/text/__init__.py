"""The text and what it may print: facts, statements, sentences, parity of the languages."""
