/* The spanning tree of the network simplex as a whole: planted, mended after the problem changed, priced, renumbered.
 * (What a single pivot does to it is in mincost_pivot.c.) */
#include "capacity/mincost_tree.h"

#include "base/intl.h"

#include <stdlib.h>
#include <string.h>

uint32_t mincost_slot(const MinCost *m, int64_t arc) {
    uint32_t rows = m->arcs / m->mix, longer = m->arcs % m->mix, a = (uint32_t)arc;
    uint32_t in_longer = longer * (rows + 1); /* the first columns have one row more */
    if (a < in_longer) return a / (rows + 1) + a % (rows + 1) * m->mix;
    a -= in_longer;
    return longer + a / rows + a % rows * m->mix;
}

Branch *mincost_branches(size_t count) {
    if (count > SIZE_MAX / sizeof(Branch) - 1) return NULL;
    return aligned_alloc(2 * sizeof(Branch), (count + 1) / 2 * 2 * sizeof(Branch));
}

static Status no_memory(Error *e) {
    return error_set(e, STATUS_FAILED, NULL, _("not enough memory to solve this network"));
}

/* --- what flows ------------------------------------------------------------------------------------------------- */

int64_t mincost_branch_flow(const MinCost *m, uint32_t node) {
    const Branch *b = &m->branch[node];
    return m->from[b->arc] == node ? b->down : b->up;
}

static bool is_branch(const MinCost *m, uint32_t node, uint32_t slot) {
    return node != m->root && m->branch[node].arc == slot;
}

int64_t mincost_slot_flow(const MinCost *m, uint32_t slot) {
    if (m->state[slot] == STATE_FULL) return m->room[slot];
    if (m->state[slot] == STATE_EMPTY) return 0;
    if (is_branch(m, m->from[slot], slot)) return mincost_branch_flow(m, m->from[slot]);
    if (is_branch(m, m->to[slot], slot)) return mincost_branch_flow(m, m->to[slot]);
    return 0;
}

/* What must leave each node over tree arcs, by the numbers in here: supply, less what other arcs carry off. Malloced. */
static int64_t *excess_outside_tree(const MinCost *m) {
    int64_t *excess = malloc(((size_t)m->nodes + 1) * sizeof *excess);
    if (!excess) return NULL;
    for (uint32_t i = 0; i <= m->nodes; i++) {
        excess[i] = i == m->root ? 0 : m->supply[m->name[i]];
    }
    for (uint32_t e = 0; e < m->arcs; e++) {
        int64_t flow = (m->lower ? m->lower[e] : 0) + (m->state[e] == STATE_FULL ? m->room[e] : 0);
        excess[m->from[e]] -= flow;
        excess[m->to[e]] += flow;
    }
    return excess;
}

/* A node's artificial arc takes up what it has too much, for nothing, or provides what it lacks, dearly. As much goes
 * to the root as comes from it, so it is enough to charge for one way. */
static void use_artificial(MinCost *m, uint32_t node, int64_t excess) {
    uint32_t arc = m->arcs + m->name[node];
    Branch *b = &m->branch[node];
    bool away = excess >= 0;
    b->arc = arc;
    b->up = away ? ROOM_UNLIMITED - excess : -excess;
    b->down = ROOM_UNLIMITED - b->up;
    m->from[arc] = away ? node : m->root;
    m->to[arc] = away ? m->root : node;
    m->cost[arc] = away ? 0 : m->artificial_cost;
    m->room[arc] = ROOM_UNLIMITED;
    m->state[arc] = STATE_TREE;
}

/* --- planting and mending --------------------------------------------------------------------------------------- */

Status mincost_plant(MinCost *m, Error *e) {
    for (uint32_t a = 0; a < m->arcs; a++) {
        m->state[a] = m->room[a] ? STATE_EMPTY : STATE_TREE;
    }
    int64_t *excess = excess_outside_tree(m);
    if (!excess) return no_memory(e);
    uint32_t root = m->root, before = root;
    m->branch[root] = (Branch){.parent = NO_NODE, .arc = NO_ARC, .size = m->nodes + 1};
    for (uint32_t i = 0; i <= m->nodes; i++) {
        if (i == root) continue;
        m->branch[i] = (Branch){.parent = root, .size = 1, .last = i};
        use_artificial(m, i, excess[i]);
        thread_link(m, before, i);
        before = i;
    }
    thread_link(m, before, root);
    m->branch[root].last = before;
    free(excess);
    mincost_price_tree(m);
    return STATUS_OK;
}

/* Arcs outside the tree stay where they were, empty or full, as far as their new bounds have such a place. */
static void settle_states(MinCost *m) {
    for (uint32_t e = 0; e < m->arcs; e++) {
        if (is_branch(m, m->from[e], e) || is_branch(m, m->to[e], e)) continue;
        bool full = m->state[e] == STATE_FULL && m->room[e] != ROOM_UNLIMITED;
        m->state[e] = m->room[e] == 0 ? STATE_TREE : full ? STATE_FULL : STATE_EMPTY;
    }
}

/* Puts the flow that its subtree needs on the arc above a node; returns how much of it goes up. Where it does not fit,
 * or would leave nothing more to go up, the arc takes what it can and leaves the tree, and an artificial one takes the
 * rest. */
static int64_t settle_branch(MinCost *m, uint32_t node, int64_t excess) {
    Branch *b = &m->branch[node];
    uint32_t arc = b->arc;
    if (arc >= m->arcs) {
        use_artificial(m, node, excess);
        return excess;
    }
    int64_t room = m->room[arc];
    bool upward = m->from[arc] == node;
    int64_t flow = upward ? excess : -excess;
    b->up = upward ? room - flow : flow;
    b->down = room - b->up;
    if (b->up > 0 && b->down >= 0) return excess;
    flow = flow > 0 ? room : 0; /* without a bound it never has too much */
    m->state[arc] = room == 0 ? STATE_TREE : flow == 0 ? STATE_EMPTY : STATE_FULL;
    int64_t sent = upward ? flow : -flow;
    b->parent = m->root;
    use_artificial(m, node, excess - sent);
    return sent;
}

/* Makes the ring, sizes and lasts anew from the parents; children keep their order. `first` and `next` are scratch. */
static void rebuild_thread(MinCost *m, uint32_t *first, uint32_t *next) {
    Branch *branch = m->branch;
    uint32_t root = m->root, u;
    for (u = 0; u <= m->nodes; u++) {
        first[u] = NO_NODE;
        branch[u].size = 1;
        branch[u].last = u;
    }
    for (u = m->thread[root].prev; u != root; u = m->thread[u].prev) {
        next[u] = first[branch[u].parent];
        first[branch[u].parent] = u;
    }
    uint32_t before = root;
    for (u = first[root]; u != NO_NODE;) {
        thread_link(m, before, u);
        before = u;
        if (first[u] != NO_NODE) {
            u = first[u];
            continue;
        }
        while (u != root && next[u] == NO_NODE) {
            u = branch[u].parent;
        }
        u = u == root ? NO_NODE : next[u];
    }
    thread_link(m, before, root);
    for (u = before; u != root; u = m->thread[u].prev) {
        Branch *parent = &branch[branch[u].parent];
        parent->size += branch[u].size;
        if (parent->last == branch[u].parent) parent->last = branch[u].last;
    }
}

Status mincost_mend(MinCost *m, Error *e) {
    size_t count = (size_t)m->nodes + 1;
    uint32_t *scratch = malloc(2 * count * sizeof *scratch);
    settle_states(m);
    int64_t *excess = scratch ? excess_outside_tree(m) : NULL;
    if (!excess) {
        free(scratch);
        return no_memory(e);
    }
    for (uint32_t u = m->thread[m->root].prev; u != m->root; u = m->thread[u].prev) { /* children before parents */
        uint32_t parent = m->branch[u].parent;
        excess[parent] += settle_branch(m, u, excess[u]);
    }
    rebuild_thread(m, scratch, scratch + count);
    free(excess);
    free(scratch);
    mincost_price_tree(m);
    return STATUS_OK;
}

/* --- prices and numbers ----------------------------------------------------------------------------------------- */

void mincost_price_tree(MinCost *m) {
    m->potential[m->root] = 0;
    for (uint32_t u = m->thread[m->root].next; u != m->root; u = m->thread[u].next) {
        uint32_t arc = m->branch[u].arc;
        int64_t above = m->potential[m->branch[u].parent];
        m->potential[u] = m->from[arc] == u ? above - m->cost[arc] : above + m->cost[arc];
    }
}

/* Kept from one renumbering to the next within a solve: allocated anew each time, such sizes tear up the heap. */
static bool make_spare(MinCost *m) {
    Spare *s = &m->spare;
    size_t count = (size_t)m->nodes + 1;
    if (s->new_of) return true;
    *s = (Spare){malloc(count * sizeof *s->new_of), mincost_branches(count), malloc(count * sizeof *s->potential),
                 malloc(count * sizeof *s->name)};
    if (s->new_of && s->branch && s->potential && s->name) return true;
    mincost_free_spare(m);
    return false;
}

void mincost_free_spare(MinCost *m) {
    free(m->spare.new_of);
    free(m->spare.branch);
    free(m->spare.potential);
    free(m->spare.name);
    m->spare = (Spare){0};
}

/* The new arrays become the tree's, and the old ones the spare. */
static void swap_spare(MinCost *m) {
    Spare old = {m->spare.new_of, m->branch, m->potential, m->name};
    m->branch = m->spare.branch;
    m->potential = m->spare.potential;
    m->name = m->spare.name;
    m->spare = old;
}

static void renumber_nodes(MinCost *m) {
    Spare *s = &m->spare;
    uint32_t count = m->nodes + 1, u = m->root;
    for (uint32_t i = 0; i < count; i++, u = m->thread[u].next) {
        s->new_of[u] = i;
    }
    for (uint32_t i = 0; i < count; i++, u = m->thread[u].next) {
        Branch b = m->branch[u];
        b.parent = b.parent == NO_NODE ? NO_NODE : s->new_of[b.parent];
        b.last = s->new_of[b.last];
        s->branch[i] = b;
        s->potential[i] = m->potential[u];
        s->name[i] = m->name[u];
        m->place[s->name[i]] = i;
    }
    for (uint32_t i = 0; i < count; i++) {
        m->thread[i] = (Thread){i + 1 < count ? i + 1 : 0, i ? i - 1 : count - 1};
    }
    m->root = 0;
    swap_spare(m);
}

void mincost_renumber(MinCost *m) {
    if (!make_spare(m)) return;
    renumber_nodes(m);
    const uint32_t *new_of = m->spare.new_of;
    for (uint32_t e = 0; e < m->arcs + m->nodes; e++) {
        m->from[e] = new_of[m->from[e]];
        m->to[e] = new_of[m->to[e]];
    }
}
