"""The official wing: official series in, observations out.

`observations.gather_observations` is its one door; `catalogue.read_catalogue` says which series there are.
"""
