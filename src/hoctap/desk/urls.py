"""Officers' addresses, one include per room."""

urlpatterns: list = []
