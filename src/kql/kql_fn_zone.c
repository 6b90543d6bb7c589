/* SPDX-License-Identifier: Apache-2.0 */
/* Time zones. A datetime is UTC; local time is a datetime that reads as a clock there. */
#include "base/near.h"
#include "kql/kql_build.h"
#include "kql/kql_emit.h"
#include "kql/kql_fn.h"

static const char *const ZONES[] = {
#define ZONE(name) name,
#include "kql/kql_zone.def"
#undef ZONE
};
enum { N_ZONES = sizeof ZONES / sizeof ZONES[0] };

#define TO_LOCAL "toDateTime64(toString(toTimeZone($1,"
#define TO_LOCAL_END ")),7,'UTC')"
#define TO_UTC "toTimeZone(toDateTime64(toString($1),7,"
#define TO_UTC_END "),'UTC')"

static bool is_zone(str name)
{
    for (size_t i = 0; i < N_ZONES; i++)
        if (str_eq(name, str_of(ZONES[i])))
            return true;
    return false;
}

static struct kql_expr *bind_zone(struct kql_binder *b, const struct kql_fn *fn, const struct kql_node *node,
                                  struct kql_expr **args, size_t n)
{
    struct near guess = { .wanted = kql_plan_const_text(args[1]) };
    (void)node;

    if (args[1]->kind == KQL_EXPR_CONST && !is_zone(guess.wanted)) {
        for (size_t i = 0; i < N_ZONES; i++)
            near_offer(&guess, str_of(ZONES[i]));
        kql_bind_error(b, KQL_DIAG_LITERAL, args[1]->span, "there is no time zone \"" STR_FMT "\"",
                       STR_ARG(guess.wanted));
        kql_diag_suggest(b->diags, &guess);
        return NULL;
    }
    return kql_build_raw(b, fn, KQL_DATETIME, args[0]->span, args, n);
}

static void emit_in(struct kql_emit *e, const struct kql_expr *call, str zone)
{
    bool local = strcmp(call->fn->name, "datetime_utc_to_local") == 0;

    kql_emit_call(e, local ? TO_LOCAL : TO_UTC, call);
    kql_emit_text(e, zone);
    kql_emit_call(e, local ? TO_LOCAL_END : TO_UTC_END, call);
}

/* The engine takes a zone only as a constant: where it is a value of the row, all zones stand in the SQL. */
static void emit_zone(struct kql_emit *e, const struct kql_expr *call)
{
    str shared[2];

    if (call->args[1]->kind == KQL_EXPR_CONST) {
        emit_in(e, call, call->args[1]->value.s);
        return;
    }
    for (size_t i = 0; i < 2; i++)
        shared[i] = kql_emit_shared(e, call->args[i]);
    struct kql_col  col = { .sql = shared[0] };
    struct kql_expr when = { .kind = KQL_EXPR_COL, .type = KQL_DATETIME, .col = &col };
    struct kql_expr each = *call, *args[] = { &when };

    each.args = args;
    each.n_args = 1;
    kql_emit_addz(e, "multiIf(");
    for (size_t i = 0; i < N_ZONES; i++) {
        kql_emit_name(e, shared[1]);
        kql_emit_addz(e, " = ");
        kql_emit_text(e, str_of(ZONES[i]));
        kql_emit_addz(e, ",");
        emit_in(e, &each, str_of(ZONES[i]));
        kql_emit_addz(e, ",");
    }
    kql_emit_addz(e, "NULL)");
}

static void emit_list(struct kql_emit *e, const struct kql_expr *call)
{
    AUTO_STRBUF list = STRBUF_INIT(1 << 20);
    (void)call;

    for (size_t i = 0; i < N_ZONES; i++)
        strbuf_addf(&list, "%s\"%s\"", i > 0 ? "," : "[", ZONES[i]);
    strbuf_addc(&list, ']');
    kql_emit_text(e, strbuf_view(&list));
}

const struct kql_fn KQL_FN_ZONE[] = {
    { .name = "datetime_utc_to_local",
      .args = "ts",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_zone,
      .emit = emit_zone,
      .doc = "What clocks of a time zone show at a time.",
      .example = "datetime_utc_to_local(datetime(2020-07-01 12:00), 'Europe/Paris')",
      .yields = "2020-07-01T14:00:00.0000000Z" },
    { .name = "datetime_local_to_utc",
      .args = "ts",
      .result = KQL_DATETIME,
      .nulls = KQL_FN_NULLS_MAY,
      .bind = bind_zone,
      .emit = emit_zone,
      .doc = "The time at which clocks of a time zone show something.",
      .example = "datetime_local_to_utc(datetime(2020-02-02 20:02:20), 'US/Pacific')",
      .yields = "2020-02-03T04:02:20.0000000Z" },
    { .name = "datetime_list_timezones",
      .args = "",
      .result = KQL_DYNAMIC,
      .nulls = KQL_FN_NULLS_NEVER,
      .emit = emit_list,
      .doc = "The names of all time zones.",
      .example = "set_has_element(datetime_list_timezones(), 'Europe/Paris')",
      .yields = "True" },
    { 0 },
};
