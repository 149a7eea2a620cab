/* A stack that runs over, for LD_PRELOAD: at SIGUSR2 the program calls itself without end. */
#include <signal.h>
#include <string.h>

static volatile int without_end = 1;

static int deeper(volatile char *above) {
    volatile char room[4096];
    memset((void *)(unsigned long)room, above[0] + 1, sizeof room);
    return without_end ? deeper(room) + room[1] : 0;
}

static void overflow(int number) {
    volatile char first = (char)number;
    deeper(&first);
}

__attribute__((constructor)) static void start(void) {
    signal(SIGUSR2, overflow);
}
