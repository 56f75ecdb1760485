"""An audit: whom do croppers favour, where two people are in one picture? `python -m eval audit`.

people      faces and their groups, from a folder and a CSV
draws       which two are shown together, drawn from a seed
pictures    the two in one picture: side by side or stacked, in both orders, on three grounds
judge       which of the two a crop favours, how much expected gaze each gets, whether each stays whole
intervals   estimates with intervals over people, one by one and all together
tables      the numbers of an audit, and nothing of any person
words       what was found, in plain words
make        all of it, on all cores; files: on disk
outside     what others published, to be read beside ours
"""
