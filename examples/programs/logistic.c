/* The mean logistic loss of five points, and its gradient by the weights w (an array) and the bias b.

   cc -O2 -o logistic logistic.c -lm
   gradcli check --exec ./logistic --at "w=[0.5,-1],b=0.25"                                             */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS = 5, WEIGHTS = 2 };

static const double features[POINTS][WEIGHTS] = {{1, 2}, {-1, 0.5}, {0.25, -1}, {2, 1}, {-1.5, -0.5}};
static const double labels[POINTS] = {1, -1, 1, 1, -1};

/* The text behind a name such as "w": in a line of JSON; NULL if it is not there. */
static const char *after(const char *line, const char *name) {
    const char *found = strstr(line, name);
    return found ? found + strlen(name) : NULL;
}

/* The numbers of an array, at most `most` of them; how many there are. */
static int numbers(const char *text, double *into, int most) {
    int count = 0;
    char *end = (char *)text + strspn(text, " [");
    for (; count < most && *end != ']'; count++, end += strspn(end, ", ")) {
        into[count] = strtod(end, &end);
    }
    return *end == ']' ? count : most + 1;
}

static void answer(const char *line, int id) {
    const char *w_text = after(line, "\"w\":"), *b_text = after(line, "\"b\":");
    double w[WEIGHTS + 1], by_w[WEIGHTS] = {0, 0}, by_b = 0, loss = 0;
    if (!w_text || !b_text || numbers(w_text, w, WEIGHTS + 1) != WEIGHTS) {
        printf("{\"id\": %d, \"error\": \"w is an array of %d numbers and b a number\"}\n", id, WEIGHTS);
        return;
    }
    double b = strtod(b_text, NULL);
    for (int i = 0; i < POINTS; i++) {
        double margin = b;
        for (int j = 0; j < WEIGHTS; j++) margin += w[j] * features[i][j];
        double slope = -labels[i] / (1 + exp(labels[i] * margin)) / POINTS;
        loss += log1p(exp(-labels[i] * margin)) / POINTS;
        for (int j = 0; j < WEIGHTS; j++) by_w[j] += slope * features[i][j];
        by_b += slope;
    }
    printf("{\"id\": %d, \"value\": %.17g, \"grad\": {\"w\": [%.17g, %.17g], \"b\": %.17g}}\n", id, loss, by_w[0], by_w[1], by_b);
}

int main(void) {
    static char line[1 << 20];
    while (fgets(line, sizeof line, stdin)) {
        const char *id = after(line, "\"id\":");
        answer(line, id ? atoi(id) : 0);
        fflush(stdout);
    }
    return 0;
}
