"""`gazecrop bulk`: a folder, a table or a bucket of photos -> a Parquet dataset, on one machine or on many.

inputs.py lists the photos, listing.py fixes that list, shard.py makes the rows of a part of it with process.py, and an
engine says where that happens.
"""
