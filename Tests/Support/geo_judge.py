#!/usr/bin/env python3
"""Writes two seeded databases in MaxMind's form into a folder, and what its own reader says of many addresses.

usage: geo_judge.py FOLDER
       geo_judge.py FILE.mmdb    (reads one that is there, at both ends of each of its networks)
One line an address on standard output: the address, country, city, region, continent, latitude, longitude, accuracy,
number and name of its network, with tabs between.
"""
import ipaddress
import random
import sys

import maxminddb
from mmdb_writer import MMDBWriter
from netaddr import IPSet

FLAGS = ("is_anonymous", "is_anonymous_vpn", "is_hosting_provider", "is_public_proxy", "is_residential_proxy",
         "is_tor_exit_node")


def tell(address, city, system):
    where = city.get("location", {})
    if city.get("traits", {}).get("is_anycast") or any(city.get(flag) for flag in FLAGS):
        where = {}
    if not ("latitude" in where and "longitude" in where):
        where = {}
    parts = [
        address,
        city.get("country", {}).get("iso_code", ""),
        city.get("city", {}).get("names", {}).get("en", ""),
        (city.get("subdivisions") or [{}])[0].get("iso_code", ""),
        city.get("continent", {}).get("names", {}).get("en", ""),
        *(repr(float(where[key])) if key in where else "" for key in ("latitude", "longitude")),
        where.get("accuracy_radius", ""),
        system.get("autonomous_system_number", 0),
        system.get("autonomous_system_organization", ""),
    ]
    print("\t".join(str(part) for part in parts))


if sys.argv[1].endswith(".mmdb"):
    with maxminddb.open_database(sys.argv[1]) as database:
        for one, entry in database:
            for address in (one[0], one[one.num_addresses - 1]):
                tell(str(address), entry, entry)
    sys.exit()

folder = sys.argv[1]
dice = random.Random(20261130)
words = ["Lisboa", "München", "Αθήνα", "東京", 'A "quoted" place', "Saint-Étienne", "São Paulo", "Łódź", "x" * 200]


def network():
    if dice.random() < 0.3:
        prefix = dice.choice([24, 32, 48, 64, 127, 128])
        address = ipaddress.IPv6Address(0x2001_0DB8 << 96 | dice.getrandbits(96))
    else:
        prefix = dice.choice([8, 12, 16, 20, 24, 31, 32])
        address = ipaddress.IPv4Address(dice.getrandbits(32))
    return ipaddress.ip_network((address, prefix), strict=False)


def place():
    entry = {"country": {"iso_code": dice.choice(["PT", "DE", "JP", "BR"])}}
    if dice.random() < 0.8:
        entry["city"] = {"names": {"en": dice.choice(words), "de": "anders"}}
    if dice.random() < 0.7:
        entry["continent"] = {"code": "EU", "names": {"en": dice.choice(["Europe", "South America"])}}
    if dice.random() < 0.5:
        entry["subdivisions"] = [{"iso_code": dice.choice(["11", "BY"])}, {"iso_code": "second"}]
    if dice.random() < 0.9:
        entry["location"] = {
            "latitude": round(dice.uniform(-90, 90), 4),
            "longitude": round(dice.uniform(-180, 180), 4),
        }
        if dice.random() < 0.8:
            entry["location"]["accuracy_radius"] = dice.choice([2, 5, 20, 100, 1000])
    # The writer takes 1 and true for one another: no number here is 1.
    if dice.random() < 0.1:
        entry["traits"] = {"is_anycast": True}
    return entry


def write(name, kind, entry):
    writer = MMDBWriter(6, kind, languages=["en"], ipv4_compatible=True, int_type="auto", float_type="f64")
    networks = [network() for _ in range(1500)]
    for one in networks:
        writer.insert_network(IPSet([str(one)]), entry())
    writer.to_db_file(f"{folder}/{name}.mmdb")
    return networks


networks = write("cities", "Judge-City", place)
networks += write(
    "networks",
    "Judge-ASN",
    lambda: {
        "autonomous_system_number": dice.randrange(1, 1 << 32),
        "autonomous_system_organization": dice.choice(words),
    },
)
addresses = []
for one in networks:
    span = one.num_addresses - 1
    for address in (one[0], one[span], one[dice.randint(0, span)]):
        addresses.append(str(address))
    # Just outside.
    before = int(one[0]) - 1
    if before >= 0:
        addresses.append(str(type(one[0])(before)))
addresses += [str(ipaddress.IPv4Address(dice.getrandbits(32))) for _ in range(2000)]

with maxminddb.open_database(f"{folder}/cities.mmdb") as cities, maxminddb.open_database(
    f"{folder}/networks.mmdb"
) as systems:
    for address in addresses:
        tell(address, cities.get(address) or {}, systems.get(address) or {})
