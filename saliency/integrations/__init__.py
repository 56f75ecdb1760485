"""Gazecrop inside other people's software: a small file for each, its packages imported nowhere else."""
