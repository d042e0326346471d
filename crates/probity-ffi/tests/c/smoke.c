/* Every part of the C ABI once, as a host would use it. Prints what it found; ends with 0 if all is as it should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probity.h"

/* Only in the library that is built for tests. */
int32_t probity_test_panic(uint32_t threads, probity_error **error);

static void fail(int line, const char *what, probity_error *error)
{
    fprintf(stderr, "smoke.c:%d: %s: %s\n", line, what, error ? probity_error_text(error) : "no error");
    exit(1);
}

#define CHECK(condition) \
    do { \
        if (!(condition)) \
            fail(__LINE__, #condition, NULL); \
    } while (0)

/* A call that must succeed; it names its error `error`. */
#define OK(call) \
    do { \
        if ((call) != PROBITY_OK) \
            fail(__LINE__, #call, error); \
        if (error != NULL) \
            fail(__LINE__, "an error without a failure: " #call, error); \
    } while (0)

/* A call that must fail with a status; its error is freed. */
#define FAILS(call, status) \
    do { \
        if ((call) != (status)) \
            fail(__LINE__, #call, error); \
        CHECK(error != NULL && probity_error_status(error) == (status)); \
        CHECK(strlen(probity_error_text(error)) > 0); \
        probity_error_free(error); \
        error = NULL; \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double mz[] = {82, 94, 105, 122, 182, 303};
static const double intensity[] = {999, 300, 250, 120, 800, 200};

struct watch {
    uint64_t told;
    int32_t answer;
};

static int32_t watch(void *user_data, uint64_t done, uint64_t total)
{
    struct watch *seen = user_data;
    CHECK(done <= total);
    seen->told = done;
    return seen->answer;
}

static void log_line(void *user_data, int32_t level, const char *message, size_t length)
{
    size_t *lines = user_data;
    CHECK(level == PROBITY_LOG_NOTICE || level == PROBITY_LOG_WARNING);
    CHECK(strlen(message) == length);
    ++*lines;
}

static void versions(void)
{
    CHECK(probity_abi_version() == PROBITY_ABI_VERSION);
    CHECK(probity_version_number() == PROBITY_VERSION_NUMBER);
    CHECK(strcmp(probity_version_text(), PROBITY_VERSION_TEXT) == 0);
    CHECK(PROBITY_VERSION_NUMBER ==
          1000000 * PROBITY_VERSION_MAJOR + 1000 * PROBITY_VERSION_MINOR + PROBITY_VERSION_PATCH);
    CHECK(strstr(probity_build_text(), probity_version_text()) != NULL);
    CHECK(probity_library_format_oldest() <= probity_library_format_newest());
}

static void single(const probity_searcher *searcher, const probity_query *query)
{
    probity_error *error = NULL;
    probity_search_options options;
    probity_hit_list *hits = NULL;
    probity_search_counts counts;
    probity_hit hit;
    probity_measure measure;
    double value = -1;
    size_t i;

    OK(probity_search_options_init(&options, sizeof options, &error));
    CHECK(options.hits == 10 && options.relative_probability == 1);
    options.hits = 3;
    OK(probity_searcher_search(searcher, query, &options, &hits, &error));
    CHECK(probity_hit_list_count(hits) == 3);
    hit.struct_size = sizeof hit;
    OK(probity_hit_list_hit(hits, 0, &hit, &error));
    CHECK(strcmp(hit.name, "Cocaine") == 0 && hit.rank == 1);
    CHECK(strcmp(hit.substance_key, "ZPUCINDJVBIVPJ") == 0);
    for (i = 0; i < hit.measure_count; i++) {
        measure.struct_size = sizeof measure;
        OK(probity_hit_list_measure(hits, 0, i, &measure, &error));
        OK(probity_hit_list_value(hits, 0, measure.name, strlen(measure.name), &value, &error));
        CHECK(value == measure.value && measure.minimum <= value && value <= measure.maximum);
        printf("%s %s %.4f (%g to %g)\n", hit.name, measure.name, value, measure.minimum, measure.maximum);
    }
    counts.struct_size = sizeof counts;
    OK(probity_hit_list_counts(hits, &counts, &error));
    CHECK(counts.entries == 99);
    FAILS(probity_hit_list_hit(hits, 3, &hit, &error), PROBITY_ERROR_INDEX_OUT_OF_RANGE);
    options.struct_size = 0;
    FAILS(probity_searcher_search(searcher, query, &options, &hits, &error), PROBITY_ERROR_STRUCT_SIZE);
    FAILS(probity_searcher_search(NULL, query, NULL, &hits, &error), PROBITY_ERROR_NULL_POINTER);
    probity_hit_list_free(hits);
}

static void batch(const probity_searcher *searcher, const probity_query *query)
{
    probity_error *error = NULL;
    const probity_query *queries[40];
    probity_batch_options options;
    probity_batch *answers = NULL;
    const probity_hit_list *hits = NULL;
    struct watch seen = {0, 0};
    size_t i;

    for (i = 0; i < COUNT(queries); i++)
        queries[i] = query;
    OK(probity_batch_options_init(&options, sizeof options, &error));
    options.threads = 2;
    options.progress = watch;
    options.progress_user_data = &seen;
    OK(probity_searcher_search_many(searcher, queries, COUNT(queries), NULL, &options, &answers, &error));
    CHECK(probity_batch_count(answers) == COUNT(queries) && seen.told == COUNT(queries));
    OK(probity_batch_hits(answers, COUNT(queries) - 1, &hits, &error));
    CHECK(probity_hit_list_count(hits) == 10);
    probity_batch_free(answers);
    answers = NULL;
    seen.answer = 1;
    FAILS(probity_searcher_search_many(searcher, queries, COUNT(queries), NULL, &options, &answers, &error),
          PROBITY_ERROR_CANCELLED);
    CHECK(answers == NULL);
}

static void finding(const probity_searcher *searcher, const probity_query *query)
{
    probity_error *error = NULL;
    probity_finding *found = NULL;
    probity_evidence evidence;
    probity_group group;
    const char *json = NULL, *code = NULL, *sentence = NULL;
    size_t length = 0, i;

    OK(probity_searcher_identify(searcher, query, NULL, &found, &error));
    OK(probity_finding_json(found, &json, &length, &error));
    CHECK(strlen(json) == length && json[0] == '{');
    CHECK(probity_finding_outcome(found) == PROBITY_OUTCOME_INCONCLUSIVE);
    evidence.struct_size = sizeof evidence;
    OK(probity_finding_evidence(found, 0, PROBITY_EVIDENCE_MATCHED, &evidence, &error));
    CHECK(evidence.count == COUNT(mz) && evidence.is_bands == 0);
    for (i = 0; i < evidence.count; i++)
        CHECK(evidence.query_position[i] == mz[i] && evidence.library_position[i] == mz[i]);
    group.struct_size = sizeof group;
    OK(probity_finding_group(found, 0, &group, &error));
    CHECK(group.entry_count == 1 && group.place == 1);
    for (i = 0; i < probity_finding_reason_count(found); i++) {
        OK(probity_finding_reason(found, i, &code, &sentence, &error));
        printf("%s: %s\n", code, sentence);
    }
    for (i = 0; i < probity_finding_warning_count(found); i++) {
        OK(probity_finding_warning(found, i, &code, &sentence, &error));
        printf("%s: %s\n", code, sentence);
    }
    puts(probity_finding_statement(found));
    probity_finding_free(found);
}

static void flat(const probity_searcher *searcher)
{
    size_t needed = 0;
    char *buffer;

    CHECK(probity_identify_json(searcher, mz, intensity, COUNT(mz), NULL, 0, &needed) == PROBITY_OK);
    buffer = malloc(needed);
    CHECK(buffer != NULL);
    CHECK(probity_identify_json(searcher, mz, intensity, COUNT(mz), buffer, needed - 1, &needed) ==
          PROBITY_ERROR_BUFFER_TOO_SMALL);
    CHECK(probity_identify_json(searcher, mz, intensity, COUNT(mz), buffer, needed, &needed) == PROBITY_OK);
    CHECK(strlen(buffer) + 1 == needed);
    free(buffer);
}

static void reading(const char *path)
{
    static const char text[] = "Name: a\nNum Peaks: 2\n50 1\n41 29\n";
    static const char cut[] = "Name: a\nNum Peaks: 3\n41 29\n";
    probity_error *error = NULL;
    probity_read_options options;
    probity_query_list *list = NULL;
    const double *list_mz = NULL, *list_intensity = NULL;
    size_t lines = 0, count = 0;

    OK(probity_read_options_init(&options, sizeof options, &error));
    options.log = log_line;
    options.log_user_data = &lines;
    OK(probity_query_list_from_bytes((const uint8_t *)text, strlen(text), "a.msp", 5, &options, &list, &error));
    CHECK(probity_query_list_records_passed_over(list) == 0);
    CHECK(probity_query_list_count(list) == 1 && lines == probity_query_list_notice_count(list) && lines > 0);
    OK(probity_query_peaks(probity_query_list_query(list, 0), &list_mz, &list_intensity, &count, &error));
    CHECK(count == 2 && list_mz[0] == 41 && list_intensity[1] == 1);
    probity_query_list_free(list);
    options.strict = 1;
    CHECK(probity_query_list_from_bytes((const uint8_t *)cut, strlen(cut), "cut.msp", 7, &options, &list, &error) ==
          PROBITY_ERROR_MALFORMED);
    CHECK(strcmp(probity_error_file(error), "cut.msp") == 0 && probity_error_record(error) == 1);
    probity_error_free(error);
    error = NULL;
    OK(probity_query_list_from_file(path, strlen(path), NULL, &list, &error));
    printf("%s: %s\n", probity_query_list_format(list), probity_query_name(probity_query_list_query(list, 0)));
    probity_query_list_free(list);
}

static void own_library(const char *folder, const probity_query *query)
{
    probity_error *error = NULL;
    probity_change_options options;
    probity_change change;
    probity_library *library = NULL;
    probity_open_options open;
    probity_verification *verification = NULL;

    OK(probity_change_options_init(&options, sizeof options, &error));
    options.note = "reference material";
    options.note_length = strlen(options.note);
    change.struct_size = sizeof change;
    OK(probity_library_build(folder, strlen(folder), "own", 3, &query, 1, &options, &change, &error));
    OK(probity_library_add(folder, strlen(folder), &query, 1, &options, &change, &error));
    CHECK(change.state == 2 && change.first_entry_id == 2 && change.entries == 2);
    OK(probity_open_options_init(&open, sizeof open, &error));
    open.access = PROBITY_ACCESS_MAPPED;
    open.state = "1";
    open.state_length = 1;
    OK(probity_library_open(folder, strlen(folder), &open, &library, &error));
    CHECK(probity_library_entry_count(library) == 1 && probity_library_state(library) == 1);
    CHECK(strlen(probity_library_digest(library)) == 64);
    probity_library_free(library);
    OK(probity_library_verify(folder, strlen(folder), &verification, &error));
    CHECK(probity_verification_problem_count(verification) == 0);
    probity_verification_free(verification);
}

/* Looking after the library that own_library() made: two entries in state 2. */
static void upkeep(const char *folder)
{
    static const uint64_t withdrawn[] = {1};
    probity_error *error = NULL;
    probity_work_options work;
    probity_indexed indexed;
    probity_change change;
    probity_library *library = NULL;
    probity_open_options open;
    probity_verification *verification = NULL;
    probity_json *json = NULL;
    struct watch seen = {0, 0};

    OK(probity_work_options_init(&work, sizeof work, &error));
    work.progress = watch;
    work.progress_user_data = &seen;
    indexed.struct_size = sizeof indexed;
    OK(probity_library_index(folder, strlen(folder), NULL, &work, &indexed, &error));
    CHECK(indexed.files_written == 2 && seen.told == 4);
    change.struct_size = sizeof change;
    OK(probity_library_withdraw(folder, strlen(folder), withdrawn, 1, "mislabelled", 11, NULL, &change, &error));
    CHECK(change.state == 3 && change.entries == 1);
    FAILS(probity_library_withdraw(folder, strlen(folder), withdrawn, 1, "twice", 5, NULL, NULL, &error),
          PROBITY_ERROR_INVALID_OPTION);
    OK(probity_library_compact(folder, strlen(folder), NULL, &change, &error));
    CHECK(change.state == 4 && change.entries == 1);
    OK(probity_library_history(folder, strlen(folder), &json, &error));
    CHECK(strstr(probity_json_text(json), "mislabelled") != NULL);
    CHECK(strlen(probity_json_text(json)) == probity_json_length(json));
    probity_json_free(json);
    OK(probity_open_options_init(&open, sizeof open, &error));
    open.progress = watch;
    open.progress_user_data = &seen;
    OK(probity_library_open(folder, strlen(folder), &open, &library, &error));
    OK(probity_library_audit(library, &work, &json, &error));
    CHECK(strstr(probity_json_text(json), "\"entries_audited\":1") != NULL);
    probity_json_free(json);
    probity_library_free(library);
    work.threads = 1;
    OK(probity_library_verify_watched(folder, strlen(folder), &work, &verification, &error));
    CHECK(probity_verification_problem_count(verification) == 0);
    probity_verification_free(verification);
    seen.answer = 1;
    FAILS(probity_library_verify_watched(folder, strlen(folder), &work, &verification, &error),
          PROBITY_ERROR_CANCELLED);
    FAILS(probity_library_open(folder, strlen(folder), &open, &library, &error), PROBITY_ERROR_CANCELLED);
}

/* Whole answers to many queries, one number explained, and what is no mixture. */
static void answers(const probity_searcher *searcher, const probity_query *query)
{
    const probity_query *queries[2];
    probity_error *error = NULL;
    probity_finding_batch *findings = NULL;
    const probity_finding *found = NULL;
    probity_mixture_options mixture;
    probity_search_options options;
    probity_hit_list *hits = NULL;
    probity_json *json = NULL;
    const char *lines = NULL;
    struct watch seen = {0, 1};

    queries[0] = queries[1] = query;
    OK(probity_searcher_identify_many(searcher, queries, 2, NULL, NULL, &findings, &error));
    CHECK(probity_finding_batch_count(findings) == 2);
    OK(probity_finding_batch_finding(findings, 1, &found, &error));
    CHECK(strlen(probity_finding_digest(found)) == 64);
    OK(probity_finding_batch_json(findings, &lines, NULL, &error));
    CHECK(strchr(lines, '\n') != NULL);
    FAILS(probity_finding_batch_finding(findings, 2, &found, &error), PROBITY_ERROR_INDEX_OUT_OF_RANGE);
    probity_finding_batch_free(findings);
    OK(probity_searcher_explain(searcher, query, 17, &json, &error));
    puts(probity_json_text(json));
    probity_json_free(json);
    OK(probity_mixture_options_init(&mixture, sizeof mixture, &error));
    CHECK(mixture.maximum_components == 4 && mixture.background_order == 3);
    FAILS(probity_searcher_find_mixture(searcher, query, NULL, &mixture, &json, &error), PROBITY_ERROR_INVALID_OPTION);
    OK(probity_search_options_init(&options, sizeof options, &error));
    options.progress = watch;
    options.progress_user_data = &seen;
    FAILS(probity_searcher_search(searcher, query, &options, &hits, &error), PROBITY_ERROR_CANCELLED);
}

static void lists(void)
{
    probity_error *error = NULL;
    probity_substance_answer *answer = NULL;

    OK(probity_substance_lookup("cocaine", 7, &answer, &error));
    CHECK(probity_substance_answer_match_count(answer) > 0);
    puts(probity_substance_answer_sentence(answer, 0));
    CHECK(probity_substance_answer_sentence(answer, 10000) == NULL);
    probity_substance_answer_free(answer);
    FAILS(probity_substance_lookup("\xff", 1, &answer, &error), PROBITY_ERROR_INVALID_UTF8);
    FAILS(probity_test_panic(1, &error), PROBITY_ERROR_PANIC);
    FAILS(probity_test_panic(2, &error), PROBITY_ERROR_PANIC);
}

int main(int argc, char **argv)
{
    probity_error *error = NULL;
    probity_library *library = NULL;
    probity_method *method = NULL;
    probity_searcher *searcher = NULL;
    probity_query *query = NULL;

    if (argc != 3) {
        fprintf(stderr, "usage: smoke SPECTRUM-FILE NEW-FOLDER\n");
        return 2;
    }
    versions();
    OK(probity_library_open_starter(&library, &error));
    OK(probity_method_named("ei-default", 10, &method, &error));
    OK(probity_searcher_new(library, method, NULL, &searcher, &error));
    OK(probity_query_from_peaks(mz, intensity, COUNT(mz), NULL, &query, &error));
    probity_library_free(library);
    probity_method_free(method);
    single(searcher, query);
    batch(searcher, query);
    finding(searcher, query);
    flat(searcher);
    reading(argv[1]);
    own_library(argv[2], query);
    upkeep(argv[2]);
    answers(searcher, query);
    lists();
    probity_query_free(query);
    probity_searcher_free(searcher);
    puts("ok");
    return 0;
}
