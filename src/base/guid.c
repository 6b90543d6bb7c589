/* SPDX-License-Identifier: Apache-2.0 */
#include "base/guid.h"

#include "base/codec.h"
#include "base/hash.h"

bool guid_parse(str s, guid *out)
{
    if (s.n == 38 && s.p[0] == '{' && s.p[37] == '}')
        s = str_slice(s, 1, 37);
    if (s.n != 36)
        return false;

    guid   g;
    size_t n = 0;
    for (size_t i = 0; i < 36;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (s.p[i++] != '-')
                return false;
            continue;
        }
        int high = codec_hex_value(s.p[i]), low = codec_hex_value(s.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        g.bytes[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    *out = g;
    return true;
}

str guid_text(guid g, char buf[GUID_TEXT_SIZE])
{
    char hex[33];
    hash_hex(g.bytes, 16, hex);
    snprintf(buf, GUID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return str_make(buf, 36);
}

bool guid_eq(guid a, guid b)
{
    return memcmp(a.bytes, b.bytes, 16) == 0;
}

static guid stamped(guid g, unsigned version)
{
    g.bytes[6] = (uint8_t)((g.bytes[6] & 0x0f) | version << 4);
    g.bytes[8] = (uint8_t)((g.bytes[8] & 0x3f) | 0x80);
    return g;
}

guid guid_random(void)
{
    guid g;
    hash_random(g.bytes, sizeof g.bytes);
    return stamped(g, 4);
}

guid guid_of(guid space, str name)
{
    struct hash_sha256 outer = hash_sha256(name);
    char               both[16 + 32];
    memcpy(both, space.bytes, 16);
    memcpy(both + 16, outer.bytes, 32);

    struct hash_sha256 h = hash_sha256(str_make(both, sizeof both));
    guid               g;
    memcpy(g.bytes, h.bytes, 16);
    return stamped(g, 5);
}
