"""A page of the mock as a patient's browser would show it, opened in process."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import Flask


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its HTTP status, its HTML and its URL."""

    status: int
    html: str
    url: str
    app: Flask

    @classmethod
    def open(cls, app: Flask, url: str) -> "Page":
        """The page at a URL.

        Args:
            app: the application that serves it.
            url: the URL.
        """
        with app.test_client() as browser:
            response = browser.get(url)
            return cls(response.status_code, response.text, url, app)

    def submit(self, password: str, username: str | None = None) -> "Page":
        """Fill in the form of an invitation and send it.

        Args:
            password: the new password, for both fields.
            username: the user name, for a patient without one.
        """
        form = {"token": parse_qs(urlsplit(self.url).query)["token"][0], "password": password, "repeated": password}
        if username is not None:
            form["username"] = username
        with self.app.test_client() as browser:
            response = browser.post(self.url, data=form)
            return Page(response.status_code, response.text, self.url, self.app)
