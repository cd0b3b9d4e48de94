"""Following a link in process: the page that a patient sees, and the form on it."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import Flask


@dataclass(frozen=True, slots=True)
class Page:
    """A page as the patient sees it: its HTTP status and its HTML."""

    status: int
    html: str
    url: str
    app: Flask

    def submit(self, password: str, username: str | None = None) -> "Page":
        """Fill in the form of an invitation and send it.

        Args:
            password: the new password, for both fields.
            username: the user name, for a patient who has none.
        """
        form = {"token": parse_qs(urlsplit(self.url).query)["token"][0], "password": password, "repeated": password}
        if username is not None:
            form["username"] = username
        with self.app.test_client() as browser:
            response = browser.post(self.url, data=form)
            return Page(response.status_code, response.text, self.url, self.app)


def visit(app: Flask, url: str) -> Page:
    """The page of a link.

    Args:
        app: the application that the link leads to.
        url: the link.
    """
    with app.test_client() as browser:
        response = browser.get(url)
        return Page(response.status_code, response.text, url, app)
