"""What the command line is made of: its options, the photos and files of a run, and what is told of each."""
