/* SPDX-License-Identifier: Apache-2.0 */
/* host/host_edit: changes of configuration texts, and how they look as a diff. Pure functions; `out` gets the
 * whole new text. */
#ifndef HOST_HOST_EDIT_H
#define HOST_HOST_EDIT_H

#include "base/strbuf.h"

struct host_edit_setting {
    str key, value;
    str separator; /* between the two: " ", "=", " = " */
    str section;   /* of an INI file; empty: none */
};

/* The key has the value, once: its first line is rewritten, further ones go, a missing one is added at the
 * end of the text or of its section. Keys compare without regard to case; comments stay. */
void host_edit_set(str text, const struct host_edit_setting *setting, struct strbuf *out);
/* The text has the line; nothing is done when some line says the same but for blanks at its ends. */
void host_edit_line(str text, str line, struct strbuf *out);
/* "- old" and "+ new" lines with up to three lines around them; nothing when the texts are the same. */
void host_edit_diff(str before, str after, struct strbuf *out);

#endif
