"""Matters, the process engine, rules, forms and certificates."""
