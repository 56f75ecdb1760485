"""What is promised of a bad day, each promise with its test and what was last measured: `docs/reliability.md`."""
