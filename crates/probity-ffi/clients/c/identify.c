/* Identifies the spectra of a file: hits, ions for and against, a batch that is watched and stopped, errors.
 * C99 and C++11. usage: identify SPECTRUM-FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probity.h"

static void must(int32_t status, probity_error *error, const char *what)
{
    if (status == PROBITY_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, error ? probity_error_text(error) : "no message");
    exit(1);
}

/* Prints a failure that was provoked, and frees it. */
static void print_error(const char *what, int32_t status, probity_error **error)
{
    if (status == PROBITY_OK || probity_error_status(*error) != status) {
        fprintf(stderr, "%s: status %d and error do not agree\n", what, (int)status);
        exit(1);
    }
    printf("%s %d %s\n", what, (int)status, probity_error_text(*error));
    probity_error_free(*error);
    *error = NULL;
}

static int32_t count_up(void *user_data, uint64_t done, uint64_t total)
{
    *(uint64_t *)user_data = done;
    return done > total;
}

static int32_t stop(void *user_data, uint64_t done, uint64_t total)
{
    (void)user_data, (void)done, (void)total;
    return 1;
}

static void print_ions(const probity_finding *finding, int32_t which, const char *word)
{
    probity_error *error = NULL;
    probity_evidence ions;
    size_t i;

    ions.struct_size = sizeof ions;
    must(probity_finding_evidence(finding, 0, which, &ions, &error), error, word);
    for (i = 0; i < ions.count; i++) {
        printf("%s", word);
        if (ions.query_position)
            printf(" %.4f %.4f", ions.query_position[i], ions.query_intensity[i]);
        if (ions.library_position)
            printf(" %.4f %.4f", ions.library_position[i], ions.library_intensity[i]);
        puts("");
    }
}

static void print_finding(const probity_searcher *searcher, const probity_query *query)
{
    probity_error *error = NULL;
    probity_finding *finding = NULL;
    const probity_hit_list *hits;
    probity_hit hit;
    size_t i;

    must(probity_searcher_identify(searcher, query, NULL, &finding, &error), error, "identify");
    hits = probity_finding_hits(finding);
    for (i = 0; i < probity_hit_list_count(hits); i++) {
        hit.struct_size = sizeof hit;
        must(probity_hit_list_hit(hits, i, &hit, &error), error, "hit");
        printf("hit %d %d %.6f %s\n", (int)hit.rank, (int)hit.entry_id, hit.first_measure, hit.name);
    }
    print_ions(finding, PROBITY_EVIDENCE_MATCHED, "matched");
    print_ions(finding, PROBITY_EVIDENCE_UNEXPLAINED, "unexplained");
    print_ions(finding, PROBITY_EVIDENCE_MISSING, "missing");
    printf("outcome %s\n", probity_finding_outcome_name(finding));
    printf("digest %s\n", probity_finding_digest(finding));
    probity_finding_free(finding);
}

/* The same peaks as arrays of the host, as an instrument has them. */
static void print_from_arrays(const probity_searcher *searcher, const probity_query *read)
{
    probity_error *error = NULL;
    const double *mz, *intensity;
    size_t count;
    probity_query *query = NULL;
    probity_hit_list *hits = NULL;
    probity_hit hit;

    must(probity_query_peaks(read, &mz, &intensity, &count, &error), error, "peaks");
    must(probity_query_from_peaks(mz, intensity, count, NULL, &query, &error), error, "query");
    must(probity_searcher_search(searcher, query, NULL, &hits, &error), error, "search");
    hit.struct_size = sizeof hit;
    must(probity_hit_list_hit(hits, 0, &hit, &error), error, "hit");
    printf("arrays %.6f %s\n", hit.first_measure, hit.name);
    probity_hit_list_free(hits);
    probity_query_free(query);
}

static void batch(const probity_searcher *searcher, const probity_query *query)
{
    const probity_query *queries[100];
    probity_error *error = NULL;
    probity_batch_options options;
    probity_batch *answers = NULL;
    uint64_t told = 0;
    size_t i;
    int32_t status;

    for (i = 0; i < 100; i++)
        queries[i] = query;
    must(probity_batch_options_init(&options, sizeof options, &error), error, "options");
    options.threads = 2;
    options.progress = count_up;
    options.progress_user_data = &told;
    must(probity_searcher_search_many(searcher, queries, 100, NULL, &options, &answers, &error), error, "batch");
    printf("batch %d answers, %d told\n", (int)probity_batch_count(answers), (int)told);
    probity_batch_free(answers);
    answers = NULL;
    options.progress = stop;
    status = probity_searcher_search_many(searcher, queries, 100, NULL, &options, &answers, &error);
    print_error("cancelled", status, &error);
}

static void mistakes(const probity_searcher *searcher, const probity_query *query)
{
    const double bad[] = {50, -1};
    probity_error *error = NULL;
    probity_method *method = NULL;
    probity_query *made = NULL;
    probity_hit_list *hits = NULL;
    probity_hit hit;

    print_error("error", probity_method_named("no-such-method", 14, &method, &error), &error);
    print_error("error", probity_query_from_peaks(bad, bad, 2, NULL, &made, &error), &error);
    print_error("error", probity_searcher_search(NULL, query, NULL, &hits, &error), &error);
    must(probity_searcher_search(searcher, query, NULL, &hits, &error), error, "search");
    hit.struct_size = sizeof hit;
    print_error("error", probity_hit_list_hit(hits, 10, &hit, &error), &error);
    hit.struct_size = 0;
    print_error("error", probity_hit_list_hit(hits, 0, &hit, &error), &error);
    probity_hit_list_free(hits);
}

int main(int argc, char **argv)
{
    probity_error *error = NULL;
    probity_library *library = NULL;
    probity_method *method = NULL;
    probity_searcher *searcher = NULL;
    probity_query_list *list = NULL;
    const probity_query *query;

    if (argc != 2 || probity_abi_version() != PROBITY_ABI_VERSION)
        return 2;
    must(probity_library_open_starter(&library, &error), error, "library");
    must(probity_method_named("ei-default", 10, &method, &error), error, "method");
    must(probity_searcher_new(library, method, NULL, &searcher, &error), error, "searcher");
    must(probity_query_list_from_file(argv[1], strlen(argv[1]), NULL, &list, &error), error, argv[1]);
    query = probity_query_list_query(list, 0);
    printf("query %s\n", probity_query_name(query));
    print_finding(searcher, query);
    print_from_arrays(searcher, query);
    batch(searcher, query);
    mistakes(searcher, query);
    probity_query_list_free(list);
    probity_searcher_free(searcher);
    probity_method_free(method);
    probity_library_free(library);
    return 0;
}
