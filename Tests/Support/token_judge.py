"""Judges signed tokens by libraries that are not ours: one JSON question a line, one JSON answer a line.

{"ask": "keys"}                                   keys and a certificate in PEM form, as openssl and consoles write them
{"ask": "jwt", "token": …, "pem": …|"jwk": …}     the token's header and claims, once its signature holds
{"ask": "aws", "url": …, "headers": {…}, "secret": …}   the SigV4 signature that botocore makes of the request
"""
import base64
import datetime
import hashlib
import json
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID


def unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def number(text):
    return int.from_bytes(unpadded(text), "big")


def pem(key, form, password=None):
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, lock).decode()


def keys():
    pkcs8, old = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
    first, second = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
    curve = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "martlet.example.com")])
    start = datetime.datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(first.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start + datetime.timedelta(days=3650))
        .sign(first, hashes.SHA256())
    )
    spki = first.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {
        "rsa": pem(first, pkcs8), "rsa_old": pem(first, old), "other": pem(second, pkcs8),
        "small": pem(rsa.generate_private_key(65537, 1024), pkcs8),
        "locked": pem(first, pkcs8, b"x"), "locked_old": pem(first, old, b"x"),
        "ec": pem(curve, pkcs8), "ec_old": pem(curve, old),
        "big_curve": pem(ec.generate_private_key(ec.SECP384R1()), pkcs8),
        "certificate": made.public_bytes(serialization.Encoding.PEM).decode(),
        "thumbprint": base64.urlsafe_b64encode(made.fingerprint(hashes.SHA256())).decode().rstrip("="),
        "spki": base64.b64encode(hashlib.sha256(spki).digest()).decode(),
    }


def jwt(question):
    head, body, mark = question["token"].split(".")
    header, claims = json.loads(unpadded(head)), json.loads(unpadded(body))
    if question.get("pem"):
        key = serialization.load_pem_private_key(question["pem"].encode(), None).public_key()
    else:
        jwk = header["jwk"]
        key = ec.EllipticCurvePublicNumbers(number(jwk["x"]), number(jwk["y"]), ec.SECP256R1()).public_key()
    signed, signature = f"{head}.{body}".encode(), unpadded(mark)
    if header["alg"] == "RS256":
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    elif header["alg"] == "PS256":
        key.verify(signature, signed, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    elif header["alg"] == "ES256":
        assert len(signature) == 64
        halves = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        key.verify(encode_dss_signature(*halves), signed, ec.ECDSA(hashes.SHA256()))
    else:
        raise ValueError(header["alg"])
    return {"header": header, "claims": claims}


def aws(question):
    headers = question["headers"]
    sent = headers.pop("authorization")
    scope = sent.split("Credential=")[1].split(",")[0].split("/")
    request = AWSRequest(method="POST", url=question["url"], headers=headers)
    request.context["timestamp"] = headers["x-amz-date"]
    signer = SigV4Auth(Credentials(scope[0], question["secret"]), scope[3], scope[2])
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return {"signature": signer.signature(text, request), "sent": sent.split("Signature=")[1]}


for line in sys.stdin:
    question = json.loads(line)
    try:
        if question["ask"] == "keys":
            answer = keys()
        elif question["ask"] == "jwt":
            answer = jwt(question)
        else:
            answer = aws(question)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
