"""`jianguan bench`: speeds as ratios in one run, on a throw-away installation.

Machines are shared and noisy. Things compared are measured in turn, several rounds long; what counts is the median
over the rounds of their ratio within a round, not how quick a machine was on a day.
"""
