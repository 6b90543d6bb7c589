/* SPDX-License-Identifier: Apache-2.0 */
/* engine/engine_tokens: tokens of batches that a kill kept from being stored are forgotten.
 *
 * The store writes a batch's deduplication token to its log before it commits the batch's part. A kill
 * between the two leaves a token without rows: the batch, sent again, would count as a duplicate and be
 * acknowledged, and its rows would be lost. So before the store is opened, when nothing else can have a part
 * under way, each token whose block no part of its table covers is taken out of the log. Merged parts cover
 * the blocks that they were made of.
 *
 * Source of the forms: the folders of a MergeTree table (PARTITION_MIN_MAX_LEVEL[_MUTATION]) and the lines of
 * deduplication_logs/deduplication_log_N.txt (1 or 2, part, block id; by tabs). Threads: none; once at start.
 */
#ifndef ENGINE_ENGINE_TOKENS_H
#define ENGINE_ENGINE_TOKENS_H

#include "base/err.h"
#include "base/str.h"

/* `data` is the folder of the store's tables; a missing one holds none. `forgotten` counts tokens taken out.
 */
must_check enum rc engine_tokens_mend(str data, unsigned *forgotten, struct err *err);

#endif
