"""Cities that never were: to try the portal out, to train on, and to measure it by.

`plans` and `invention` are pure: what a city is, and what it measures. `demo` and `bulk`
write it: one city whose figures go the whole way, or very many rows at once.
"""
