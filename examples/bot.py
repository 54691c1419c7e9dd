#!/usr/bin/env python3
"""A small trading bot for several Kraken accounts: one thread an account, one lock for all private calls.

    python3 bot.py              calls one at a time, with rising nonces
    python3 bot.py --no-lock    the same without the lock: what nonceproof must catch
    python3 bot.py --ms-nonce   draws millisecond nonces before it takes the lock: the other classic

It needs nothing but the standard library, and takes its accounts from where nonceproof puts them.
"""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.parse
import urllib.request

API_URL = os.environ.get("KRAKEN_API_URL", "https://api.kraken.com")
CALLS = int(os.environ.get("NONCEPROOF_CALLS", "3"))

LANE = contextlib.nullcontext() if "--no-lock" in sys.argv else threading.Lock()
MS_NONCE = "--ms-nonce" in sys.argv
_highest = 0


def next_nonce():
    """Wall clock in nanoseconds, one more than the last where the clock has not moved on."""
    global _highest
    _highest = max(_highest + 1, time.time_ns())
    return _highest


def sign(path, nonce, body, secret):
    digest = hashlib.sha256((str(nonce) + body).encode()).digest()
    mac = hmac.new(base64.b64decode(secret), path.encode() + digest, hashlib.sha512)
    return base64.b64encode(mac.digest()).decode()


def call(account, method, **params):
    early = int(time.time() * 1000) * 10**6 if MS_NONCE else None
    with LANE:
        nonce = early or next_nonce()
        path = "/0/private/" + method
        body = urllib.parse.urlencode({"nonce": nonce, **params})
        headers = {"API-Key": account["apiKey"], "API-Sign": sign(path, nonce, body, account["apiSecret"])}
        request = urllib.request.Request(API_URL + path, body.encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            envelope = json.load(reply)
    errors = [error for error in envelope["error"] if error.startswith("E")]
    if errors:
        print(account["account"], method, errors, file=sys.stderr)
    return envelope.get("result")


def trade(account):
    call(account, "Balance")
    for n in range(CALLS - 1):
        if n % 2 == 0:
            call(account, "AddOrder", pair="XBTUSD", type="buy", ordertype="market", volume="0.001")
        else:
            call(account, "OpenOrders")


def main():
    with open(os.environ["KRAKEN_ACCOUNTS_FILE"], encoding="utf-8") as file:
        accounts = json.load(file)
    threads = [threading.Thread(target=trade, args=(account,)) for account in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
