/* The primal network simplex: from one spanning tree to a cheaper one, by an arc that enters and one that leaves.
 *
 * An arc outside the tree whose reduced cost says that more (or less) flow on it would be cheaper closes a cycle with
 * the tree. As much as fits goes round that cycle; an arc that then has no room left leaves the tree; and the subtree
 * that it held up is hung from the entering arc instead. When no arc may enter, the flow is optimal.
 *
 * Sources of what is here:
 *   - Ahuja, Magnanti, Orlin: "Network Flows: Theory, Algorithms, and Applications", Prentice Hall, 1993, chapter 11.
 *   - Cunningham: "A network simplex method", Mathematical Programming 11, 1976: strongly feasible trees. The leaving
 *     arc is the last one without room along the cycle, starting where its two sides meet, in the direction of flow.
 *   - Grigoriadis: "An efficient implementation of the network simplex method", Mathematical Programming Study 26, 1986:
 *     block search, the best arc of one block after another.
 *   - Kiraly, Kovacs: "Efficient implementations of minimum-cost flow algorithms", Acta Univ. Sapientiae, Informatica 4,
 *     2012, with LEMON's network_simplex.h: how preorder, sizes and last nodes are kept, and the mixed order of arcs.
 *   - Mulvey: "Pivot strategies for primal-simplex network codes", Journal of the ACM 25, 1978: candidate lists. Here a
 *     short list of arcs that were best of their block for a while is looked at again beside every block.
 * Beside those, potentials are changed on the smaller side of the cut, which may be the root's; and nodes are renumbered
 * in preorder as the tree changes (mincost_renumber), which keeps the walks through a large tree in the cache. */
#include "capacity/mincost_tree.h"

#include <math.h>

/* Measured on the families of tests/bench/mincost_generate.c. */
static const double BLOCK_FACTOR = 1.5; /* arcs in a block: this times the root of all */
enum {
    BLOCK_LEAST = 10,
    RENUMBER_NODES = 8192,  /* smaller trees lie in the cache anyway */
    WATCH_EVERY = 10000000, /* steps between two calls of the watch: some hundredths of a second */
};

typedef struct Pivot {
    uint32_t arc;           /* what enters */
    uint32_t first, second; /* its ends, in the direction that the flow will change */
    uint32_t join;          /* where the ways up from both meet */
    uint32_t out;           /* the node whose arc to its parent leaves; NO_NODE: the entering arc fills or empties */
    uint32_t in, onto;      /* the end that moves, and the end that it is hung from */
    int64_t step;           /* how much flow goes round */
    Work work;
} Pivot;

/* --- what enters ------------------------------------------------------------------------------------------------ */

static void keep(Pricing *p, uint32_t arc) {
    if (p->kept < KEPT_MOST) {
        p->list[p->kept++] = arc;
        return;
    }
    p->list[p->oldest] = arc;
    p->oldest = (p->oldest + 1) % KEPT_MOST;
}

/* How much dearer the flow becomes by one unit over this arc, in the one direction that has room. */
static inline int64_t reduced_cost(const MinCost *m, uint32_t arc) {
    return m->state[arc] * (m->cost[arc] + m->potential[m->from[arc]] - m->potential[m->to[arc]]);
}

/* The best arc that was kept, which is taken off the list; arcs that would not help any more are dropped. */
static uint32_t best_kept(MinCost *m, int64_t *least) {
    Pricing *p = &m->pricing;
    uint32_t best = NO_ARC;
    for (uint32_t i = 0; i < p->kept;) {
        int64_t c = reduced_cost(m, p->list[i]);
        if (c >= 0) {
            p->list[i] = p->list[--p->kept];
            continue;
        }
        if (c < *least) {
            *least = c;
            best = i;
        }
        i++;
    }
    if (best == NO_ARC) return NO_ARC;
    uint32_t arc = p->list[best];
    p->list[best] = p->list[--p->kept];
    return arc;
}

/* The arc to enter, or NO_ARC: the best of the next block and the kept ones; of further blocks where there is none. */
static uint32_t find_entering(MinCost *m, Work *work) {
    Pricing *p = &m->pricing;
    int64_t least = 0;
    uint32_t best = best_kept(m, &least), left = m->arcs, at = p->at;
    const uint32_t *from = m->from, *to = m->to;
    const int64_t *cost = m->cost, *potential = m->potential;
    const signed char *state = m->state;
    if (!left) return NO_ARC;
    do {
        uint32_t count = p->block < left ? p->block : left;
        if (count > m->arcs - at) count = m->arcs - at;
        for (uint32_t e = at, end = at + count; e < end; e++) {
            int64_t c = state[e] * (cost[e] + potential[from[e]] - potential[to[e]]);
            if (c < least) {
                least = c;
                if (best != NO_ARC && best != e) keep(p, best);
                best = e;
            }
        }
        at += count;
        if (at == m->arcs) at = 0;
        left -= count;
        *work += count;
    } while (left && !least);
    p->at = at;
    return best;
}

/* --- what leaves ------------------------------------------------------------------------------------------------ */

/* Climbs from both ends to where they meet; by sizes, since a node's parent has the larger subtree. The arc to leave is
 * the one with the least room; of several, the last one round the cycle from `join`: so nearest to `first` on that side,
 * and before the entering arc nearest to `join` on the other. False where nothing limits the step. */
static bool find_leaving(const MinCost *m, Pivot *p) {
    const Branch *branch = m->branch;
    uint32_t u = p->first, v = p->second, out_first = NO_NODE, out_second = NO_NODE;
    int64_t room_first = m->room[p->arc], room_second = room_first;
    Work work = 0;
    while (u != v) {
        const Branch *a = &branch[u], *b = &branch[v];
        if (a->size < b->size) {
            if (a->down < room_first) {
                room_first = a->down;
                out_first = u;
            }
            u = a->parent;
        } else {
            if (b->up <= room_second) {
                room_second = b->up;
                out_second = v;
            }
            v = b->parent;
        }
        work++;
    }
    bool on_second = out_second != NO_NODE && room_second <= room_first;
    p->join = u;
    p->out = on_second ? out_second : out_first;
    p->step = on_second ? room_second : room_first;
    p->in = on_second ? p->second : p->first;
    p->onto = on_second ? p->first : p->second;
    p->work += 2 * work;
    return p->step < ROOM_UNLIMITED / 2;
}

/* Sends the step round the cycle. */
static void push(const MinCost *m, const Pivot *p) {
    Branch *branch = m->branch;
    int64_t step = p->step;
    for (uint32_t u = p->first; u != p->join; u = branch[u].parent) {
        branch[u].down -= step;
        branch[u].up += step;
    }
    for (uint32_t u = p->second; u != p->join; u = branch[u].parent) {
        branch[u].up -= step;
        branch[u].down += step;
    }
}

/* --- the tree after it ------------------------------------------------------------------------------------------ */

/* The subtree of `out` is cut from the thread; the nodes above it end elsewhere now, and are smaller, those above its
 * new place larger. Above `join` sizes stay. */
static void cut(MinCost *m, const Pivot *p) {
    Branch *branch = m->branch;
    uint32_t size = branch[p->out].size, last = branch[p->out].last;
    uint32_t before = m->thread[p->out].prev, after = m->thread[last].next;
    for (uint32_t u = p->onto; u != p->join; u = branch[u].parent) {
        branch[u].size += size;
    }
    for (uint32_t u = branch[p->out].parent; u != p->join; u = branch[u].parent) {
        branch[u].size -= size;
    }
    for (uint32_t u = branch[p->out].parent; u != NO_NODE && branch[u].last == last; u = branch[u].parent) {
        branch[u].last = before;
    }
    thread_link(m, before, after);
}

/* Turns the subtree that was cut round, so that `in` is its root; returns its last node in the new thread.
 *
 * Let s0 = in, s1, ..., sk = out be the nodes from `in` up to the cut. What sI has beside s(I-1) is in the thread before
 * s(I-1), from sI itself (piece A), and after the last of s(I-1) (piece B, perhaps empty). The new thread is the subtree
 * of s0, then A and B of s1, of s2, and so on: each step links an A and a B behind the `end`. Each node's arc to its
 * parent becomes its old parent's, with up and down changed over. */
static uint32_t turn(MinCost *m, const Pivot *p, Branch first) {
    Branch *branch = m->branch;
    uint32_t at = p->in, parent = p->onto, inner = 0, size = branch[p->out].size;
    uint32_t end = branch[at].last, last = end, next_b = m->thread[end].next, end_a = m->thread[at].prev;
    for (;;) {
        Branch old = branch[at];
        branch[at] = (Branch){first.up, first.down, parent, first.arc, size - inner, 0};
        if (at == p->out) break;
        uint32_t above = old.parent, above_last = branch[above].last, above_prev = m->thread[above].prev;
        thread_link(m, end, above);
        end = end_a;
        if (above_last != last) {
            uint32_t next = m->thread[above_last].next;
            thread_link(m, end, next_b);
            end = last = above_last;
            next_b = next;
        }
        end_a = above_prev;
        inner = old.size;
        first = (Branch){.up = old.down, .down = old.up, .arc = old.arc};
        parent = at;
        at = above;
    }
    for (uint32_t u = p->out; u != p->onto; u = branch[u].parent) {
        branch[u].last = end;
    }
    return end;
}

/* Hangs the run of the thread from `top` to `last` in behind `onto`, its parent. */
static void hang(MinCost *m, uint32_t top, uint32_t last, uint32_t onto) {
    uint32_t next = m->thread[onto].next;
    thread_link(m, onto, top);
    thread_link(m, last, next);
    for (uint32_t u = onto; u != NO_NODE && m->branch[u].last == onto; u = m->branch[u].parent) {
        m->branch[u].last = last;
    }
}

/* Adds to the potentials of `count` nodes of the thread. */
static void raise_run(MinCost *m, uint32_t node, uint32_t count, int64_t by) {
    int64_t *potential = m->potential;
    const Thread *thread = m->thread;
    while (count--) {
        potential[node] += by;
        node = thread[node].next;
    }
}

/* Makes the reduced cost of the entering arc zero again, by moving the potentials of the smaller side. The root's may
 * drift away by that; well before it could overflow, all are brought back. */
static void reprice(MinCost *m, Pivot *p) {
    uint32_t from = m->from[p->arc], to = m->to[p->arc], all = m->nodes + 1, size = m->branch[p->in].size;
    int64_t c = m->cost[p->arc] + m->potential[from] - m->potential[to], by = p->in == from ? -c : c;
    if (size <= all / 2) {
        raise_run(m, p->in, size, by);
        p->work += size;
        return;
    }
    raise_run(m, m->thread[m->branch[p->in].last].next, all - size, -by);
    p->work += all - size;
    int64_t drift = m->potential[m->root];
    if (drift > MINCOST_COST_MOST || drift < -MINCOST_COST_MOST) raise_run(m, m->root, all, -drift);
}

/* The leaving arc is full or empty now; the entering one takes its place. */
static void exchange(MinCost *m, Pivot *p) {
    uint32_t leaving = m->branch[p->out].arc;
    bool upward = m->from[leaving] == p->out;
    int64_t left_over = upward ? m->branch[p->out].down : m->branch[p->out].up;
    int64_t room = m->room[p->arc], flow = m->state[p->arc] == STATE_EMPTY ? p->step : room - p->step;
    Branch entering = {.arc = p->arc};
    entering.up = m->from[p->arc] == p->in ? room - flow : flow;
    entering.down = room - entering.up;
    m->state[leaving] = m->room[leaving] == 0 ? STATE_TREE : left_over == 0 ? STATE_EMPTY : STATE_FULL;
    m->state[p->arc] = STATE_TREE;
    cut(m, p);
    hang(m, p->in, turn(m, p, entering), p->onto);
    reprice(m, p);
}

/* One pivot; false where nothing limits it, so that the cost is without bound. */
static bool pivot(MinCost *m, uint32_t arc, Work *work) {
    bool raise = m->state[arc] == STATE_EMPTY;
    Pivot p = {.arc = arc, .first = raise ? m->from[arc] : m->to[arc], .second = raise ? m->to[arc] : m->from[arc]};
    if (!find_leaving(m, &p)) return false;
    if (p.step) push(m, &p);
    if (p.out == NO_NODE) m->state[arc] = (signed char)-m->state[arc];
    else exchange(m, &p);
    *work += p.work;
    m->pivots++;
    return true;
}

/* --- all of it -------------------------------------------------------------------------------------------------- */

static void start_pricing(MinCost *m) {
    uint32_t block = (uint32_t)(BLOCK_FACTOR * sqrt((double)m->arcs));
    m->pricing = (Pricing){.block = block < BLOCK_LEAST ? BLOCK_LEAST : block};
}

static RunEnd run(MinCost *m, const MinCostWatch *watch) {
    /* Renumbering costs some steps a node and an arc; it pays after several times as many in the tree. */
    Work scanned = 0, walked = 0, renumber_every = 4 * (Work)m->arcs + 32 * (Work)m->nodes;
    Work renumber_at = m->nodes < RENUMBER_NODES ? INT64_MAX : renumber_every, watch_at = 0;
    start_pricing(m);
    for (;;) {
        if (watch && watch->call && scanned + walked >= watch_at) {
            if (!watch->call(watch->context, m->pivots)) return RUN_STOPPED;
            watch_at = scanned + walked + WATCH_EVERY;
        }
        uint32_t arc = find_entering(m, &scanned);
        if (arc == NO_ARC) return RUN_OPTIMAL;
        if (!pivot(m, arc, &walked)) return RUN_UNBOUNDED;
        if (walked < renumber_at) continue;
        mincost_renumber(m);
        renumber_at = walked + renumber_every;
    }
}

RunEnd mincost_run(MinCost *m, const MinCostWatch *watch) {
    RunEnd end = run(m, watch);
    mincost_free_spare(m);
    return end;
}
