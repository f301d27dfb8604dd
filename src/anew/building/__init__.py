"""What a build is made of: its plan, its graph, its steps and what they leave behind."""
