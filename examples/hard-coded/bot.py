#!/usr/bin/env python3
"""A bot with Kraken's address written into it, as bots are; nothing but the standard library.

    nonceproof verify --users 5 --calls 4 -- python3 examples/hard-coded/bot.py

    --all-at-once   a thread for each account and no lock: what nonceproof must catch
    --no-proxy      ignores the proxy of its environment: what nonceproof must tell
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.parse
import urllib.request

HOST = "https://api.kraken.com"
CALLS = int(os.environ.get("NONCEPROOF_CALLS", "3"))

if "--no-proxy" in sys.argv:
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.ProxyHandler({})))


def sign(path, nonce, body, secret):
    digest = hashlib.sha256((nonce + body).encode()).digest()
    mac = hmac.new(base64.b64decode(secret), path.encode() + digest, hashlib.sha512)
    return base64.b64encode(mac.digest()).decode()


def balance(account):
    path = "/0/private/Balance"
    nonce = str(time.time_ns())
    body = urllib.parse.urlencode({"nonce": nonce})
    headers = {"API-Key": account["apiKey"], "API-Sign": sign(path, nonce, body, account["apiSecret"])}
    request = urllib.request.Request(HOST + path, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=10) as reply:
        errors = json.load(reply)["error"]
    if errors:
        print(account["account"], errors, file=sys.stderr)


def main():
    with open(os.environ["KRAKEN_ACCOUNTS_FILE"]) as file:
        accounts = json.load(file)
    if "--all-at-once" in sys.argv:
        threads = [threading.Thread(target=lambda a=a: [balance(a) for _ in range(CALLS)]) for a in accounts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        for _ in range(CALLS):
            for account in accounts:
                balance(account)


main()
