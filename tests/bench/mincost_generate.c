/* Writes feasible minimum-cost flow problems in the DIMACS format, for the benchmark of the network simplex:
 *
 *     mincost_generate FAMILY ARCS [SEED] > FILE.min
 *
 * The same arguments give the same bytes everywhere. A problem has exactly ARCS arcs, at least MIN_ARCS; the number of
 * nodes follows from the family. Each is feasible by construction: a skeleton of arcs that can carry all the supply is
 * laid first, and what is left of the arcs is drawn at random.
 *
 *   netgen      transshipment, 8 arcs a node: from each source a chain through its share of the other nodes to some
 *               sinks, then arcs between random nodes. The idea is NETGEN's (Klingman, Napier, Stutz: "NETGEN: A Program
 *               for Generating Large Scale Capacitated Assignment, Transportation, and Minimum Cost Flow Network
 *               Problems", Management Science 20, 1974), with the shape of the "NETGEN-8" problems in Kiraly, Kovacs:
 *               "Efficient implementations of minimum-cost flow algorithms", Acta Univ. Sapientiae, Informatica 4, 2012.
 *   dense       the same with about the square root of the nodes as arcs at each node ("NETGEN-SR" there).
 *   grid        a rectangle of nodes with 8 arcs a node to near neighbours, many sources and sinks spread over it, and
 *               one dear node that links them all (after GRIDGEN, Lee and Orlin 1991).
 *   torus       a grid that closes on itself, with costs that grow and capacities that shrink with the length of an
 *               arc, one source and one sink: many long paths tie (after GOTO, Goldberg 1991). The hardest for its size.
 *   transport   sources to sinks without capacities: a transportation problem.
 *   assignment  as many sources as sinks, one unit each: an assignment problem, where almost every pivot is degenerate.
 *   plan        requests to the weeks of offers: windows, weekly limits, convex prices of use, and a dear arc for what
 *               stays unmet. The shape of an allocation plan.
 *
 * Random numbers are SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014). */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_ARCS = 100, MAX_COST = 10000, MAX_CAPACITY = 1000, MEAN_SUPPLY = 1000 };
static const int64_t MAX_ARCS = 100000000;

typedef struct Generator {
    uint64_t random;
    int64_t nodes, arcs;
    int64_t written; /* arcs so far */
    int64_t *supply; /* [nodes + 1], by node from 1; written with the header */
} Generator;

static uint64_t next_random(Generator *g) {
    uint64_t z = g->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

/* A number from low to high, both included; they are less than 2^32 apart. */
static int64_t draw(Generator *g, int64_t low, int64_t high) {
    return low + (int64_t)((next_random(g) >> 32) * (uint64_t)(high - low + 1) >> 32);
}

static void *allocate(int64_t count, size_t size) {
    void *memory = calloc((size_t)count, size);
    if (!memory) {
        fprintf(stderr, "mincost_generate: no memory for %" PRId64 " entries\n", count);
        exit(1);
    }
    return memory;
}

static int64_t *random_order(Generator *g, int64_t first, int64_t count) {
    int64_t *order = allocate(count, sizeof *order);
    for (int64_t i = 0; i < count; i++) {
        int64_t j = draw(g, 0, i);
        order[i] = order[j];
        order[j] = first + i;
    }
    return order;
}

static int64_t root_of(int64_t n) {
    int64_t r = 1;
    while ((r + 1) * (r + 1) <= n) {
        r++;
    }
    return r;
}

/* The largest r with r^3 <= n. */
static int64_t cube_root_of(int64_t n) {
    int64_t r = 1;
    while ((r + 1) * (r + 1) * (r + 1) <= n) {
        r++;
    }
    return r;
}

static int64_t at_least(int64_t least, int64_t n) {
    return n < least ? least : n;
}

static int64_t at_most(int64_t most, int64_t n) {
    return n > most ? most : n;
}

/* --- writing ---------------------------------------------------------------------------------------------------- */

static void begin(Generator *g, const char *family, int64_t nodes, uint64_t seed) {
    g->nodes = nodes;
    g->supply = allocate(nodes + 1, sizeof *g->supply);
    printf("c mincost_generate %s %" PRId64 " %" PRIu64 "\np min %" PRId64 " %" PRId64 "\n", family, g->arcs, seed,
           nodes, g->arcs);
}

static void write_supplies(const Generator *g) {
    for (int64_t v = 1; v <= g->nodes; v++) {
        if (g->supply[v]) printf("n %" PRId64 " %" PRId64 "\n", v, g->supply[v]);
    }
}

static char *put_number(char *at, int64_t number) {
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
    } while (number /= 10);
    *at++ = ' ';
    while (n) {
        *at++ = digits[--n];
    }
    return at;
}

/* Lower bounds are zero, and nothing is negative. printf would be most of the time for millions of arcs. */
static void arc(Generator *g, int64_t from, int64_t to, int64_t capacity, int64_t cost) {
    char line[128], *at = line;
    *at++ = 'a';
    at = put_number(at, from);
    at = put_number(at, to);
    at = put_number(at, 0);
    at = put_number(at, capacity);
    at = put_number(at, cost);
    *at++ = '\n';
    fwrite(line, 1, (size_t)(at - line), stdout);
    g->written++;
}

static int64_t left(const Generator *g) {
    return g->arcs - g->written;
}

static void random_arcs(Generator *g, int64_t first, int64_t last, int64_t count) {
    while (count-- > 0) {
        int64_t from = draw(g, first, last), to = draw(g, first, last - 1);
        if (to >= from) to++;
        arc(g, from, to, draw(g, 1, MAX_CAPACITY), draw(g, 1, MAX_COST));
    }
}

/* Parts `total` at random among the nodes first .. first + count - 1, at least one each, with this sign. */
static void spread(Generator *g, int64_t first, int64_t count, int64_t total, int sign) {
    int64_t mean = total / count, given = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t most = total - given - (count - i - 1);
        int64_t part = i == count - 1 ? most : at_most(most, draw(g, 1, at_least(1, 2 * mean - 1)));
        g->supply[first + i] = sign * part;
        given += part;
    }
}

/* --- families --------------------------------------------------------------------------------------------------- */

/* Nodes 1 .. ends are the sources, the last `ends` the sinks. Sources take turns in a random order of the others. */
static void netgen(Generator *g, const char *family, int64_t nodes, uint64_t seed) {
    int64_t ends = at_least(1, root_of(nodes)), middle = nodes - 2 * ends, sinks = nodes - ends + 1;
    begin(g, family, nodes, seed);
    spread(g, 1, ends, ends * MEAN_SUPPLY, 1);
    int64_t *order = random_order(g, ends + 1, middle), *tail = allocate(ends, sizeof *tail);
    int64_t *need = allocate(ends, sizeof *need); /* what each sink asks so far */
    for (int64_t s = 0; s < ends; s++) { /* each chain ends in up to three sinks; sink s is always among them */
        int64_t rest = g->supply[1 + s], third = rest / 3;
        int64_t a = draw(g, 0, ends - 1), b = draw(g, 0, ends - 1);
        need[a] += third;
        need[b] += third;
        need[s] += rest - 2 * third;
        tail[s] = a << 32 | b;
    }
    for (int64_t s = 0; s < ends; s++) {
        g->supply[sinks + s] = -need[s];
    }
    write_supplies(g);
    for (int64_t s = 0; s < ends; s++) {
        int64_t at = 1 + s, supply = g->supply[1 + s], third = supply / 3;
        for (int64_t i = s; i < middle; i += ends) {
            arc(g, at, order[i], supply + draw(g, 0, MAX_CAPACITY), draw(g, 1, MAX_COST));
            at = order[i];
        }
        arc(g, at, sinks + (tail[s] >> 32), third + 1, draw(g, 1, MAX_COST));
        arc(g, at, sinks + (tail[s] & 0xFFFFFFFF), third + 1, draw(g, 1, MAX_COST));
        arc(g, at, sinks + s, supply, draw(g, 1, MAX_COST));
    }
    random_arcs(g, 1, nodes, left(g));
    free(order);
    free(tail);
    free(need);
}

static int64_t around(int64_t at, int64_t step, int64_t size) {
    assert(size > 0);
    return (at + step % size + size) % size;
}

static void grid(Generator *g, uint64_t seed) {
    int64_t width = at_least(3, root_of(g->arcs / 8 - 1)), height = at_least(3, (g->arcs / 8 - 1) / width);
    int64_t cells = width * height, hub = cells + 1, ends = at_least(1, root_of(cells));
    begin(g, "grid", cells + 1, seed);
    int64_t *order = random_order(g, 1, cells);
    for (int64_t i = 0; i < ends; i++) {
        int64_t amount = draw(g, 1, 2 * MEAN_SUPPLY);
        g->supply[order[i]] = amount;
        g->supply[order[cells - 1 - i]] = -amount;
    }
    write_supplies(g);
    for (int64_t i = 0; i < ends; i++) {
        arc(g, order[i], hub, g->supply[order[i]], 10 * MAX_COST);
        arc(g, hub, order[cells - 1 - i], g->supply[order[i]], 10 * MAX_COST);
    }
    for (int64_t i = 0; left(g); i = around(i, 1, cells)) {
        int64_t x = i % width, y = i / width, dx = 0, dy = 0;
        while (!dx && !dy) {
            dx = draw(g, -1, 1);
            dy = draw(g, -1, 1);
        }
        int64_t to = around(y, dy, height) * width + around(x, dx, width);
        arc(g, 1 + i, 1 + to, draw(g, 1, MAX_CAPACITY), draw(g, 1, MAX_COST));
    }
    free(order);
}

/* Every column passes to the next ones, near rows cheap and wide, far ones dear and narrow. The ring of all nodes in a
 * row carries the supply whatever else is drawn. */
static void torus(Generator *g, uint64_t seed) {
    int64_t nodes = at_least(9, g->arcs / 8), width = at_least(3, root_of(nodes)), supply = 64 * MAX_CAPACITY;
    begin(g, "torus", nodes, seed);
    g->supply[1] = supply;
    g->supply[1 + nodes / 2] = -supply;
    write_supplies(g);
    for (int64_t i = 0; i < nodes; i++) {
        arc(g, 1 + i, 1 + around(i, 1, nodes), supply, draw(g, 1, 8));
    }
    for (int64_t i = 0; left(g); i = around(i, 1, nodes)) {
        int64_t columns = draw(g, 1, 3), rows = draw(g, -4, 4), length = columns * columns + rows * rows;
        int64_t to = around(i, columns + rows * width, nodes);
        if (to == i) continue;
        arc(g, 1 + i, 1 + to, at_least(1, 4 * MAX_CAPACITY / length + draw(g, 0, 7)), length + draw(g, 0, 3));
    }
}

/* The staircase of the north-west corner rule, through both sides in a random order, carries all. */
static void transport(Generator *g, uint64_t seed) {
    int64_t side = cube_root_of(g->arcs), from = at_least(5, side * side / 2), to = from, s = 0, t = 0;
    begin(g, "transport", from + to, seed);
    int64_t total = MEAN_SUPPLY * from;
    spread(g, 1, from, total, 1);
    spread(g, 1 + from, to, total, -1);
    write_supplies(g);
    int64_t *order = random_order(g, 1, from), *other = random_order(g, 1 + from, to);
    int64_t have = g->supply[order[0]], want = -g->supply[other[0]];
    while (s < from && t < to) {
        arc(g, order[s], other[t], total, draw(g, 1, MAX_COST));
        int64_t step = at_most(want, have);
        have -= step;
        want -= step;
        if (!have && ++s < from) have = g->supply[order[s]];
        if (!want && ++t < to) want = -g->supply[other[t]];
    }
    while (left(g)) {
        arc(g, draw(g, 1, from), draw(g, 1 + from, from + to), total, draw(g, 1, MAX_COST));
    }
    free(order);
    free(other);
}

static void assignment(Generator *g, uint64_t seed) {
    int64_t side = at_least(5, g->arcs / at_least(2, 2 * cube_root_of(g->arcs)));
    begin(g, "assignment", 2 * side, seed);
    for (int64_t i = 1; i <= side; i++) {
        g->supply[i] = 1;
        g->supply[side + i] = -1;
    }
    write_supplies(g);
    int64_t *order = random_order(g, side + 1, side);
    for (int64_t i = 0; i < side; i++) {
        arc(g, 1 + i, order[i], 1, draw(g, 1, MAX_COST));
    }
    for (int64_t i = 0; left(g); i = around(i, 1, side)) {
        arc(g, 1 + i, draw(g, side + 1, 2 * side), 1, draw(g, 1, MAX_COST));
    }
    free(order);
}

/* A request asks for hours of `weeks` weeks around a middle one, from any offer; cost is how far the week and the offer
 * are, less for what is urgent. Each offer's week is sold in three price bands. Nodes: requests, offer weeks, the sink. */
static void plan(Generator *g, uint64_t seed) {
    enum { BANDS = 3, WEEKS = 52 };
    int64_t offers = at_least(1, at_most(240, g->arcs / 2500)), slots = offers * WEEKS;
    if (slots * BANDS > g->arcs / 2) slots = at_least(1, g->arcs / (2 * BANDS));
    int64_t per_request = at_least(4, at_most(120, slots / 3)), room = g->arcs - slots * BANDS;
    int64_t requests = at_least(1, room / (per_request + 1)), sink = requests + slots + 1, total = 0;
    begin(g, "plan", sink, seed);
    for (int64_t r = 1; r <= requests; r++) {
        total += g->supply[r] = draw(g, 100, 4000) * 1000;
    }
    g->supply[sink] = -total;
    write_supplies(g);
    int64_t band = at_least(1, total / (4 * slots));
    for (int64_t s = 0; s < slots; s++) {
        for (int64_t b = 0; b < BANDS; b++) {
            arc(g, requests + 1 + s, sink, draw(g, 1, 2 * band), b * 40 + draw(g, 0, 20));
        }
    }
    for (int64_t r = 1; r <= requests; r++) {
        int64_t urgency = draw(g, 1, 4), middle = draw(g, 0, slots - 1), most = at_least(1, g->supply[r] / 10);
        arc(g, r, sink, g->supply[r], 1000 * urgency);
        for (int64_t i = 0; i < per_request && left(g) > requests - r; i++) {
            int64_t slot =
                draw(g, 0, 3) ? around(middle, draw(g, -per_request, per_request), slots) : draw(g, 0, slots - 1);
            arc(g, r, requests + 1 + slot, most, 10 * draw(g, 0, 12) + draw(g, 0, 30));
        }
    }
    while (left(g)) {
        int64_t r = draw(g, 1, requests);
        arc(g, r, requests + 1 + draw(g, 0, slots - 1), at_least(1, g->supply[r] / 10), draw(g, 0, 150));
    }
}

static bool generate(Generator *g, const char *family, uint64_t seed) {
    int64_t cube = cube_root_of(g->arcs);
    if (!strcmp(family, "netgen")) netgen(g, family, at_least(10, g->arcs / 8), seed);
    else if (!strcmp(family, "dense")) netgen(g, family, at_least(10, cube * cube), seed);
    else if (!strcmp(family, "grid")) grid(g, seed);
    else if (!strcmp(family, "torus")) torus(g, seed);
    else if (!strcmp(family, "transport")) transport(g, seed);
    else if (!strcmp(family, "assignment")) assignment(g, seed);
    else if (!strcmp(family, "plan")) plan(g, seed);
    else return false;
    return true;
}

static bool read_count(const char *text, uint64_t most, uint64_t *out) {
    char *end;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && !errno && *out <= most;
}

int main(int count, char **words) {
    uint64_t arcs, seed = 1;
    Generator g = {0};
    if (count < 3 || count > 4 || !read_count(words[2], (uint64_t)MAX_ARCS, &arcs) || arcs < MIN_ARCS ||
        (count == 4 && !read_count(words[3], UINT64_MAX, &seed))) {
        fprintf(stderr,
                "usage: mincost_generate netgen|dense|grid|torus|transport|assignment|plan ARCS [SEED]\n"
                "       ARCS from %d to %" PRId64 "\n",
                MIN_ARCS, MAX_ARCS);
        return 2;
    }
    g.arcs = (int64_t)arcs;
    g.random = seed;
    if (!generate(&g, words[1], seed)) {
        fprintf(stderr, "mincost_generate: %s: no such family\n", words[1]);
        return 2;
    }
    free(g.supply);
    if (fflush(stdout) || ferror(stdout)) {
        fprintf(stderr, "mincost_generate: cannot write: %s\n", strerror(errno));
        return 1;
    }
    if (g.written != g.arcs) {
        fprintf(stderr, "mincost_generate: wrote %" PRId64 " arcs, not %" PRId64 "\n", g.written, g.arcs);
        return 1;
    }
    return 0;
}
