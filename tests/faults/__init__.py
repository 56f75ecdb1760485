"""Bad days, each made on purpose: the first line of a test's docstring is the promise that it holds."""
