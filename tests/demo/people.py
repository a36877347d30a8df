#!/usr/bin/python3
"""Sets the passwords of the accounts that demo made, through the API, as who is mailed a link does.

    people.py URL CREDENTIALS

Standard input is a JSON list of {login, role, school, token}.  Each gets a password that is made up
here; CREDENTIALS, a JSON list, has {login, password, role, school} of each afterwards.
"""

import json
import os
import pathlib
import secrets
import ssl
import sys
import urllib.error
import urllib.request

WORDS = """amber anchor autumn basket beacon birch bottle breeze candle carpet cedar cherry cobalt copper
    cottage crayon cricket dolphin ember feather fiddle forest garnet ginger glacier harbour hazel heron
    hollow indigo island ivory jasmine kettle lantern lavender lemon linen maple marble meadow mellow
    mitten mosaic nettle nutmeg oatmeal olive orchard otter paper pebble pepper pillow plume pocket
    quartz quiver raven ribbon river saffron sandal satchel shadow silver sparrow spindle teapot thimble
    timber tulip umber velvet violet walnut willow window winter yonder zephyr""".split()


def passphrase():
    return " ".join(secrets.choice(WORDS) for _ in range(5))


def complete(url, token, password):
    """False when the password was refused, as cracklib does with one of a hundred of these."""
    body = json.dumps({"token": token, "new_password": password}).encode()
    request = urllib.request.Request(
        url.rstrip("/") + "/api/v1/session/password-reset/complete", body, {"Content-Type": "application/json"}
    )
    loopback = ssl.create_default_context()
    loopback.check_hostname, loopback.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(request, timeout=60, context=loopback):
            return True
    except urllib.error.HTTPError as refusal:
        if refusal.code != 422:
            raise
        return False


def main(url, credentials):
    path = pathlib.Path(credentials)
    known = [entry for entry in json.loads(path.read_text()) if "login" not in entry]
    for person in json.load(sys.stdin):
        token, password = person.pop("token"), passphrase()
        while not complete(url, token, password):
            password = passphrase()
        known.append({"login": person["login"], "password": password, **person})
    text = "[" + ",\n ".join(json.dumps(entry) for entry in known) + "]\n"
    new = path.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
