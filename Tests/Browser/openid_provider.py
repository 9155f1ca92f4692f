"""An identity provider to sign in by: OpenID Connect as a library of others' speaks it, and lies when it is told to."""

import json
import threading

import flask
import oidc_provider_mock
import werkzeug.serving
from authlib import jose
from oidc_provider_mock._storage import storage


class OpenIDProvider:
    """Runs for as long as the `with` lasts.

    `bend` changes what the next tokens say: a function from claims to claims; None leaves them right.
    """

    def __init__(self, people):
        self.bend = None
        self.answers = []
        users = [oidc_provider_mock.User(sub=name, claims=claims) for name, claims in people.items()]
        self.app = oidc_provider_mock.app(user_claims=users)
        self.app.after_request(self._after)
        self.server = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self, port=0):
        self.server = werkzeug.serving.make_server("127.0.0.1", port, self.app, threaded=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

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
        if not flask.request.path.endswith("/token") or response.status_code != 200:
            return response
        values = json.loads(response.get_data())
        if self.bend:
            key = storage.jwk
            claims = self.bend(dict(jose.jwt.decode(values["id_token"], key)))
            values["id_token"] = jose.jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key).decode()
            response.set_data(json.dumps(values))
        return response
