# Asks for one thing (the first argument) and, when the reply is lost, does what the second argument says.
# Standard library only; one call at a time.
import base64, hashlib, hmac, json, os, sys, time, urllib.parse, urllib.request, uuid

URL = os.environ["KRAKEN_API_URL"]
WHAT, HOW = sys.argv[1:3]
with open(os.environ["KRAKEN_ACCOUNTS_FILE"], encoding="utf-8") as file:
    ACCOUNT = json.load(file)[0]


def send(method, params=None, as_json=False):
    path = "/0/private/" + method
    fields = {"nonce": str(time.time_ns()), **(params or {})}
    body = json.dumps(fields) if as_json else urllib.parse.urlencode(fields)
    digest = hashlib.sha256((fields["nonce"] + body).encode()).digest()
    mac = hmac.new(base64.b64decode(ACCOUNT["apiSecret"]), path.encode() + digest, hashlib.sha512)
    headers = {
        "API-Key": ACCOUNT["apiKey"],
        "API-Sign": base64.b64encode(mac.digest()).decode(),
        "Content-Type": "application/json" if as_json else "application/x-www-form-urlencoded",
    }
    request = urllib.request.Request(URL + path, body.encode(), headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:
        return json.load(reply)


TIMEOUT_S = 1 if HOW == "impatient" else 30
SELL = {"type": "sell", "ordertype": "limit", "price": "90000.0", "volume": "0.01"}
STRATEGY = {"strategy_id": "ESRFUO3-Q62XD-WIOIL7"}
SPOT_TO_FUTURES = {"asset": "XBT", "from": "Spot Wallet", "to": "Futures Wallet", "amount": "0.1"}


def order(attempt):
    params = {"pair": "XBTUSD", **SELL}
    if HOW == "new-name":
        params["cl_ord_id"] = str(uuid.uuid4())
    if HOW == "new-userref":
        params["userref"] = attempt + 1
    if HOW == "new-deadline":
        params["deadline"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 30 + attempt))
    if HOW == "new-price":
        params["price"] = str(90000.0 + 10 * attempt)
    if HOW == "new-size":
        params["volume"] = "0.0" + str(10 + attempt)
    return params


def batch(attempt):
    orders = [dict(SELL), dict(SELL, price="91000.0")]
    if HOW == "new-name":
        for item in orders:
            item["cl_ord_id"] = str(uuid.uuid4())
    return {"pair": "XBTUSD", "orders": orders}


METHODS = {
    "order": ("AddOrder", order, False),
    "json-order": ("AddOrder", order, True),
    "batch": ("AddOrderBatch", batch, True),
    "withdrawal": ("Withdraw", lambda _: {"asset": "XBT", "key": "cold", "amount": "0.1"}, False),
    "wallet-transfer": ("WalletTransfer", lambda _: SPOT_TO_FUTURES, False),
    "account-transfer": ("AccountTransfer", lambda _: {"asset": "XBT", "from": "MASTER", "to": "USER_1", "amount": "0.1"}, False),
    "allocation": ("Earn/Allocate", lambda _: {**STRATEGY, "amount": "1"}, False),
}
QUESTIONS = {
    "order": ("OpenOrders", None),
    "json-order": ("OpenOrders", None),
    "batch": ("OpenOrders", None),
    "withdrawal": ("WithdrawStatus", None),
    "wallet-transfer": ("Ledgers", None),
    "account-transfer": ("Ledgers", None),
    "allocation": ("Earn/AllocateStatus", STRATEGY),
}

send("Balance")
method, params_of, as_json = METHODS[WHAT]
for attempt in range(3):
    try:
        reply = send(method, params_of(attempt), as_json)
        print(attempt, reply, file=sys.stderr)
        if HOW != "three-times":
            break
    except Exception as error:
        print(attempt, repr(error), file=sys.stderr)
        if HOW == "asks":
            print(send(*QUESTIONS[WHAT]), file=sys.stderr)
        if HOW == "asks-elsewhere":
            print(send("ClosedOrders"), send("TradesHistory"), file=sys.stderr)
        if HOW == "impatient":
            time.sleep(2)
send("Balance")
