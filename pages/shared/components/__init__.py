"""The parts of a page that need JavaScript: one small Python function a component, its script and style beside it."""
