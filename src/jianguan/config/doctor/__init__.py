"""`jianguan doctor`: what is wrong with an installation, and how to mend it.

A check is a function that yields findings; it changes nothing. One that fails itself is a fault too, and stops none of
the others.
"""
