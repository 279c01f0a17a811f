"""Whom the server answers."""


def test_only_the_page_s_own_host_and_origin_are_answered(server, strokes):
    own = f"127.0.0.1:{server.port}"
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1:1", ""):
        status, _, content = server.ask("GET", "/", host=host)
        assert status in (400, 403)
        assert b"<html" not in content
    for origin in ("http://evil.example", "null", f"http://localhost:{server.port}"):
        status, found = server.post("/api/recording", strokes, origin=origin)
        assert (status, found) == (403, {"error": "requests from other sites are refused"})
    assert server.post("/api/strokes", strokes, sec_fetch_site="cross-site")[0] == 403
    assert server.post("/api/strokes", strokes, origin=f"http://{own}")[0] == 200


def test_headers_forbid_what_the_page_does_not_need(server):
    for path in ("/", "/app.js", "/nothing-there"):
        _, headers, _ = server.ask("GET", path)
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
