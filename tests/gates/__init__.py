"""Gates: what takes too long for every run of the tests, and what no release goes without."""
