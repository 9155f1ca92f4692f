"""An identity provider to sign in by: OpenID Connect as a library of others' speaks it, and lies when it is told to."""

import contextlib
import json
import logging
import threading
import urllib.parse
import warnings

import flask
import werkzeug.serving

with warnings.catch_warnings():
    # What the library itself uses of others is no concern of ours.
    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from authlib import jose
    from oidc_provider_mock._storage import storage

# A line for each request is of no use here.
logging.getLogger("werkzeug").setLevel(logging.ERROR)
logging.getLogger("oidc_provider_mock").setLevel(logging.ERROR)


class OpenIDProvider:
    """Runs for as long as the `with` lasts.

    Stopped and started again it has the same address, by which those who signed in before are known.
    """

    def __init__(self, people):
        # What changes the claims of tokens.
        self._bend, self._known_port = None, 0
        users = [oidc_provider_mock.User(sub=name, claims=claims) for name, claims in people.items()]
        self.app = oidc_provider_mock.app(user_claims=users)
        self.app.after_request(self._after)
        self.server = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.server = werkzeug.serving.make_server("127.0.0.1", self._known_port, self.app, threaded=True)
        self._known_port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

    @contextlib.contextmanager
    def bent(self, bend):
        """Has tokens say something else for as long as the `with` lasts: `bend` makes claims of claims."""
        self._bend = bend
        try:
            yield
        finally:
            self._bend = None

    @property
    def port(self):
        return self.server.server_port

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def settings(self, **more):
        """What a service is told of it."""
        return {"COVERDESK_OPENID_ISSUER": self.address, "COVERDESK_OPENID_CLIENT_ID": "desk",
                "COVERDESK_OPENID_CLIENT_SECRET": "hush-hush", "COVERDESK_OPENID_NAME": "Example University", **more}

    def _after(self, response):
        location, state = response.headers.get("Location", ""), flask.request.args.get("state")
        if "error=" in location and state and "state=" not in location:
            # What the library leaves out where somebody turns back (RFC 6749, section 4.1.2.1).
            response.headers["Location"] = f"{location}&{urllib.parse.urlencode({'state': state})}"
        if not flask.request.path.endswith("/token") or response.status_code != 200:
            return response
        values = json.loads(response.get_data())
        if self._bend:
            key = storage.jwk
            claims = self._bend(dict(jose.jwt.decode(values["id_token"], key)))
            values["id_token"] = jose.jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key).decode()
            response.set_data(json.dumps(values))
        return response
