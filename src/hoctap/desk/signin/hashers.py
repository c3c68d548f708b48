"""Passwords and PINs as they are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """Argon2id with 7 MiB in five passes, one of the settings OWASP holds equal (Password Storage Cheat Sheet).

    Django's own takes 100 MiB and a fifth of a second, and its PBKDF2 almost half a second with a connection to the
    database held: of forty people of one office who sign in in the same moment most found no room.
    """

    time_cost = 5
    memory_cost = 7168  # KiB; times all threads it is still less than the rest of the web
    parallelism = 1
