"""The upload hook, `gazecrop serve`: photos in by HTTP, boxes out, with the fields and words of the command line.

One process speaks HTTP and computes nothing (`app.py`, `gate.py`), so that it answers at once however busy the cores
are. Beside it a worker a core (`worker.py`) has the network loaded; it has strangers' files opened in the locked
processes of `saliency/locked`. `pool.py` says who may go in and who has to come again.
"""
