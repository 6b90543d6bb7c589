/* SPDX-License-Identifier: Apache-2.0 */
/* posture/posture_pdf: a report of compliance as pages of A4: what stands, what fails and why, what was not
 * measured. Nothing is told by colour alone. Texts are set in DejaVu where that font is installed; else in
 * Helvetica, which has Latin letters only, and others are shown as question marks. Threads: any. */
#ifndef POSTURE_POSTURE_PDF_H
#define POSTURE_POSTURE_PDF_H

#include "posture/posture_report.h"

enum { POSTURE_PDF_MAX_PAGES = 2000 };

must_check enum rc posture_pdf_write(const struct posture_report *r, struct arena *a, struct strbuf *out,
                                     struct err *err);

#endif
