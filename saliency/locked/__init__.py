"""Files of strangers, opened in processes that can do nothing else.

The app keeps one process that has loaded the decoders and opened nothing (`nursery.py`). For each file it forks a
worker (`worker.py`), which locks itself (`locks.py`), does one job (`jobs.py`) and is gone: what a file breaks there,
it breaks for itself alone, and nothing of it is left for the next. `pool.py` and `handle.py` are the app's end of it,
`doors.py` is what the app calls.

What comes back is read as if the file's sender had written it: `answers.py` takes pixels, texts and numbers, and
nothing that could run.
"""
