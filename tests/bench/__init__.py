"""The benchmark: kg against csv, rdflib and pySHACL on the same synthetic workspaces (`python -m tests.bench`)."""
