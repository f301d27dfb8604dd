"""Where everything of a project is: paths, configuration, languages, errors."""
