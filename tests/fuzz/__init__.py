"""Files and addresses changed at random, by somebody who knows how they are built: each must end in a result or in one
of the errors that its reader names, soon, and in little memory.

`make fuzz FUZZ_N=200000`, or `python -m tests.fuzz --target picture --seed 0 --number 17` for one input again.
"""
