"""Signing in and out, a second step, passkeys: django-allauth in the look and the words of the screens."""
