"""The examples of the guide on running it are what nginx, Caddy and a shell read."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

GUIDE = Path("docs/howto/run-it.md").read_text()


def example(language, has):
    found = [block for block in re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL) if has in block]
    assert len(found) == 1
    return found[0]


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="nginx is not installed")
def test_nginx_reads_the_example(tmp_path):
    pair = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        *pair,
        "-days",
        "1",
        "-subj",
        "/CN=help.example.com",
    ]
    subprocess.run(made, check=True, capture_output=True)
    servers = example("nginx", "proxy_pass")
    servers = servers.replace("/etc/ssl/certs/help.example.com.pem", str(tmp_path / "cert.pem"))
    servers = servers.replace("/etc/ssl/private/help.example.com.key", str(tmp_path / "key.pem"))
    servers = servers.replace("listen 80;", "listen 127.0.0.1:18080;").replace(
        "listen 443 ssl;", "listen 127.0.0.1:18443 ssl;"
    )
    conf = f"pid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\nhttp {{\naccess_log off;\n{servers}\n}}\n"
    (tmp_path / "nginx.conf").write_text(conf)
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    looked = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_reads_the_example(tmp_path):
    (tmp_path / "Caddyfile").write_text(example("caddyfile", "reverse_proxy"))
    adapt = ["caddy", "adapt", "--adapter", "caddyfile", "--config", tmp_path / "Caddyfile", "--validate"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    looked = subprocess.run(adapt, capture_output=True, text=True, check=False, env=environment)
    assert looked.returncode == 0, looked.stderr
    assert "260000000" in looked.stdout


def test_the_program_for_commands_hands_on_the_settings_and_what_it_is_asked(tmp_path):
    (tmp_path / "run").write_text('#!/bin/sh\nprintf "%s|" "$PUNTUALE_MAIL_TO" "$PUNTUALE_HOME" "$@"\n')
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "env").write_text('PUNTUALE_MAIL_TO="Support <support@example.com>"\n')
    program = example("sh", "/opt/puntuale/run").replace("/etc/puntuale.env", str(tmp_path / "env"))
    (tmp_path / "puntuale").write_text(program.replace("/opt/puntuale/run", str(tmp_path / "run")))
    (tmp_path / "puntuale").chmod(0o755)
    told = subprocess.run([tmp_path / "puntuale", "receive"], env={}, capture_output=True, text=True, check=True).stdout
    assert told == "Support <support@example.com>|/var/lib/puntuale|receive|"
