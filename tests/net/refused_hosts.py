"""Hosts that a picture must never be fetched from, each with what a socket would be connected to."""

LITERALS = (
    # this computer
    "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.255", "[::1]", "[0:0:0:0:0:0:0:1]",
    # "this network", and what systems take for this computer
    "0.0.0.0", "0.1.2.3", "[::]",
    # private networks
    "10.0.0.1", "10.255.255.254", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.178.1",
    # shared by providers
    "100.64.0.1", "100.127.255.254", "100.100.100.200",
    # link-local, and metadata of clouds
    "169.254.169.254", "169.254.0.1", "[fe80::1]", "[febf::1]", "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]",
    # unique local and site-local
    "[fc00::1]", "[fdff::1]", "[fec0::1]",
    # multicast, broadcast, reserved
    "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1", "[ff02::1]", "[ff0e::1]",
    # documentation, measuring, protocol assignments
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "198.19.255.255", "192.0.0.8", "192.88.99.1",
    "[2001:db8::1]", "[3fff::1]", "[2001:2::1]", "[2001:10::1]", "[100::1]", "[5f00::1]",
    # IPv4 inside IPv6: mapped, compatible, NAT64, its local kind, 6to4, Teredo, ISATAP
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::808:808]", "[2002:7f00:1::]", "[2002:a00:1::1]", "[2001:0:7f00:1::1]",
    "[2606:4700::5efe:7f00:1]", "[2606:4700::200:5efe:a00:1]",
    # never given to anybody
    "[4000::1]", "[8000::1]", "[::2]",
)  # fmt: skip

DISGUISES = (
    # IPv4 in other clothes: decimal, hexadecimal, octal, short, padded, mixed, with a final dot
    "2130706433", "3232235521", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001", "0177.0.0.1", "0177.1",
    "127.1", "127.0.1", "10.1", "192.168.1", "127.0.0.01", "127.000.000.001", "0x0a.0x00.0x00.0x01", "1.1", "0",
    "127.0.0.1.", "4294967295", "256.256.256.256", "127.0.0.1.5", "0xA9FEA9FE", "0251.0376.0251.0376",
    # digits of other scripts and widths
    "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "١٢٧.٠.٠.١",
    # zones, brackets and escapes
    "[fe80::1%25eth0]", "[::1%25lo]", "%31%32%37.0.0.1", "[127.0.0.1]", "[::1", "::1",
)  # fmt: skip

RESOLVED = (
    "127.0.0.1", "127.0.53.53", "::1", "0.0.0.0", "::", "10.0.0.1", "172.20.1.1", "192.168.1.1", "100.64.1.1",
    "169.254.169.254", "fe80::1", "fe80::1%eth0", "2606:4700::1111%eth0",
    "fd12:3456::1", "fc00::1", "224.0.0.251", "255.255.255.255",
    "::ffff:127.0.0.1", "::ffff:192.168.0.1", "64:ff9b::7f00:1", "64:ff9b::c0a8:1", "2002:c0a8:1::1", "2001::1",
    "198.18.0.1", "203.0.113.9", "240.0.0.1", "168.63.129.16", "fd00:ec2::254", "not an address", "",
)  # fmt: skip
"""What a name may be said to have."""

OTHER_ADDRESSES = (
    "file:///etc/passwd", "ftp://example.org/a.png", "gopher://127.0.0.1:70/_x", "data:image/png;base64,AAAA",
    "javascript:alert(1)", "unix:///run/docker.sock", "ws://example.org/", "//example.org/a.png", "example.org/a.png",
    "http:///a.png", "http://", "http://user@example.org/", "http://user:word@example.org/", "http://@example.org/",
    "http://example.org@127.0.0.1/", "http://example.org:0/", "http://example.org:99999/", "http://example.org:-1/",
    "http://exa mple.org/", "http://example.org\\@127.0.0.1/", "http://example.org/\r\nHost: inside", "http://\u202e.org/",
    "http://example.org\t/", "", "h", "https://[v1.x]/", "http://..", "http://a..b/", "http://.example.org/",
    "http://" + "a" * 5000,
)  # fmt: skip
