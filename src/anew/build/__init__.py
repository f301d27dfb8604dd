"""The build: steps, their graph, staging and publication."""
