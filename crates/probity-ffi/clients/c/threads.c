/* Eight threads share one searcher and one query, and must all find the same. usage: threads [race]
 * With `race` they also change a number without a lock, which a checker of threads must find. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probity.h"

enum { THREADS = 8, SEARCHES = 3 };

static const double mz[] = {82, 94, 105, 122, 182, 303};
static const double intensity[] = {999, 300, 250, 120, 800, 200};
static probity_searcher *searcher;
static probity_query *query;
static char first_digest[65];
static int race, raced;

static void *work(void *unused)
{
    int i;

    for (i = 0; i < SEARCHES; i++) {
        probity_finding *finding = NULL;
        if (probity_searcher_identify(searcher, query, NULL, &finding, NULL) != PROBITY_OK ||
            strcmp(probity_finding_digest(finding), first_digest) != 0)
            exit(1);
        probity_finding_free(finding);
        if (race)
            raced++;
    }
    return unused;
}

int main(int argc, char **argv)
{
    pthread_t threads[THREADS];
    probity_library *library = NULL;
    probity_method *method = NULL;
    probity_finding *finding = NULL;
    probity_searcher_options options;
    int i;

    race = argc > 1 && strcmp(argv[1], "race") == 0;
    if (probity_searcher_options_init(&options, sizeof options, NULL) != PROBITY_OK)
        return 1;
    options.threads = 1;
    if (probity_library_open_starter(&library, NULL) != PROBITY_OK ||
        probity_method_named("ei-default", 10, &method, NULL) != PROBITY_OK ||
        probity_searcher_new(library, method, &options, &searcher, NULL) != PROBITY_OK ||
        probity_query_from_peaks(mz, intensity, 6, NULL, &query, NULL) != PROBITY_OK ||
        probity_searcher_identify(searcher, query, NULL, &finding, NULL) != PROBITY_OK)
        return 1;
    probity_method_free(method);
    probity_library_free(library);
    strcpy(first_digest, probity_finding_digest(finding));
    probity_finding_free(finding);
    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, NULL) != 0)
            return 1;
    for (i = 0; i < THREADS; i++)
        if (pthread_join(threads[i], NULL) != 0)
            return 1;
    probity_query_free(query);
    probity_searcher_free(searcher);
    puts("ok");
    return 0;
}
