/* SPDX-License-Identifier: Apache-2.0 */
#include "scalar/scalar_graph.h"
#include "tests/t.h"

static void run(scalar_run f, str first, str second, str third, const char *wanted)
{
    AUTO(arena) a = arena_new(64 << 20);
    struct scalar_value argv[] = { { .s = first }, { .s = second }, { .s = third } };
    struct scalar_value out = { .null = true };

    f(a, argv, &out);
    CHECK_SEQ(out.null ? S("null") : out.s, str_of(wanted));
}

static void match(const char *pattern, const char *nodes, const char *edges, const char *wanted)
{
    run(scalar_graph_match, str_of(pattern), str_of(nodes), str_of(edges), wanted);
}

static void shortest(const char *pattern, const char *nodes, const char *edges, const char *wanted)
{
    run(scalar_graph_shortest, str_of(pattern), str_of(nodes), str_of(edges), wanted);
}

/* Nodes 0 → 1 → 2 → 0, and 2 → 3. */
#define RING "0 1 0, 1 2 0, 2 0 0, 2 3 0"

TEST(an_edge_is_walked_along_against_and_either_way)
{
    match("1 2 1 0 0, 0 1 1 1 1 0 0", "0 0", "0 1 0", "[[[0,1],[0],[]]]");
    match("1 2 1 0 0, 0 1 -1 1 1 0 0", "0 0", "0 1 0", "[[[1,0],[0],[]]]");
    match("1 2 1 0 0, 0 1 0 1 1 0 0", "0 0", "0 1 0", "[[[0,1],[0],[]],[[1,0],[0],[]]]");
    match("1 2 1 0 0, 0 1 0 1 1 0 0", "0", "0 0 0", "[[[0,0],[0],[]]]"); /* to itself: once */
}

TEST(masks_say_which_nodes_and_edges_may_stand_where)
{
    match("1 2 1 1 2, 0 1 1 1 1 4 0", "1 2 3", "0 1 4, 0 1 0, 0 2 4, 1 2 4",
          "[[[0,1],[0],[]],[[0,2],[2],[]]]");
    /* the node between must have bit 8 */
    match("1 2 1 1 2, 0 1 1 2 2 0 8", "1 8 0 2", "0 1 0, 0 2 0, 1 3 0, 2 3 0", "[[[0,3],[0,2],[1]]]");
}

TEST(cycles_are_walked_as_far_as_they_are_allowed)
{
    match("1 2 1 1 0, 0 1 1 3 4 0 0", "1 0 0 0", RING, "[[[0,0],[0,1,2],[1,2]],[[0,3],[0,1,3],[1,2]]]");
    match("2 2 1 1 0, 0 1 1 3 4 0 0", "1 0 0 0", RING, "[[[0,3],[0,1,3],[1,2]]]");
    match("0 2 1 1 2, 0 1 1 4 6 0 0", "1 0 0 2", RING, "[[[0,3],[0,1,2,0,1,3],[1,2,0,1,2]]]");
}

TEST(sequences_share_their_nodes)
{
    /* (a)-->(b), (c)-->(b): with one edge used once */
    match("1 3 2 0 0 0, 0 1 1 1 1 0 0, 2 1 1 1 1 0 0", "0 0 0", "0 2 0, 1 2 0",
          "[[[0,2,1],[0],[],[1],[]],[[1,2,0],[1],[],[0],[]]]");
}

TEST(a_path_found_from_its_end_reads_from_its_beginning)
{
    match("1 2 1 0 1, 0 1 1 2 2 0 0", "0 0 1", "0 1 0, 1 2 0", "[[[0,2],[0,1],[1]]]");
}

TEST(the_shortest_path_is_one_or_all_of_them)
{
    const char *square = "0 1 0, 0 2 0, 1 3 0, 2 3 0";
    shortest("0 2 1 1 2, 0 1 1 1 5 0 0", "1 0 0 2", square, "[[[0,3],[0,2],[1]]]");
    shortest("1 2 1 1 2, 0 1 1 1 5 0 0", "1 0 0 2", square, "[[[0,3],[0,2],[1]],[[0,3],[1,3],[2]]]");
    shortest("1 2 1 1 2, 0 1 1 1 1 0 0", "1 0 0 2", square, "[]"); /* too far */
}

TEST(the_least_length_of_a_shortest_path_is_kept)
{
    shortest("0 2 1 1 2, 0 1 1 2 5 0 0", "1 0 2", "0 2 0, 0 1 0, 1 2 0", "[[[0,2],[1,2],[1]]]");
}

static void components(const char *nodes, const char *edges, int64_t strong, const char *wanted)
{
    AUTO(arena) a = arena_new(1 << 20);
    struct scalar_value argv[] = { { .s = str_of(nodes) }, { .s = str_of(edges) }, { .i = strong } };
    struct scalar_value out = { .null = true };

    scalar_graph_components(a, argv, &out);
    CHECK_SEQ(out.null ? S("null") : out.s, str_of(wanted));
}

TEST(components_are_numbered_by_their_first_nodes)
{
    components("0 0 0 0 0", "3 4, 2 0", 0, "[0,1,0,2,2]");
    components("0 0 0 0", "0 1, 1 2, 2 0, 2 3", 0, "[0,0,0,0]");
    components("0 0 0 0", "0 1, 1 2, 2 0, 2 3", 1, "[0,0,0,1]");
    components("", "", 1, "[]");
}

TEST(what_is_no_graph_and_no_pattern_gives_nothing)
{
    match("1 2 1 0 0, 0 5 1 1 1 0 0", "0 0", "0 1 0", "null"); /* an edge to a variable that is not there */
    match("1 2 1 0 0, 0 1 1 1 101 0 0", "0 0", "0 1 0", "null");
    match("1 2 1 0 0, 0 1 1 1 1 0 0", "0 0", "0 2 0", "null");
    match("", "", "", "null");
    match("1 4 1 0 0 0 0, 0 1 1 1 1 0 0, 2 3 1 1 1 0 0", "0 0", "0 1 0", "null"); /* not connected */
    components("0", "0 1", 0, "null");
}

TEST(a_search_without_end_is_given_up)
{
    AUTO_STRBUF nodes = STRBUF_INIT(1 << 16), edges = STRBUF_INIT(1 << 16);

    for (int i = 0; i < 40; i++) /* each node to each other: 40! paths */
        strbuf_addz(&nodes, "0 ");
    for (int i = 0; i < 40; i++)
        for (int k = 0; k < 40; k++)
            strbuf_addf(&edges, "%d %d 0,", i, k);
    run(scalar_graph_match, S("1 2 1 0 0, 0 1 1 20 30 0 0"), strbuf_view(&nodes), strbuf_view(&edges),
        "null");
}
