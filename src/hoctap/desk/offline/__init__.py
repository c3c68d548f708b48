"""Working without a net: the worker that keeps pages and files on a phone, and what is said of its clock."""
