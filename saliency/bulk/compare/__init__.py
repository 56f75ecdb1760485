"""`gazecrop bulk-compare`: two runs over the same photos, before one switches from one model to another."""
