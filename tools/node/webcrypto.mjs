// SPDX-License-Identifier: Apache-2.0
// Node 18, Debian's, has the Web Crypto API only as a module; Azure's clients expect it to be global.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
