/* SPDX-License-Identifier: Apache-2.0 */
/* base/yaml: a YAML document as the same tree as JSON (base/json.h).
 *
 * YAML 1.1 core scalars: null, true/false (and yes/no/on/off only unquoted as YAML 1.2 does not: they stay
 * text), integers, floats; everything else is text. Anchors and aliases are resolved with a bound on the
 * whole expansion; tags are ignored; duplicate keys are refused. */
#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/json.h"

must_check enum rc yaml_parse(struct arena *a, str text, const struct json **out, struct err *err);

#endif
