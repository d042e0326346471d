// Identifies the spectra of a file: hits, ions for and against, a batch that is watched and stopped, errors.
// C++11 and later. usage: identify SPECTRUM-FILE
#include <cstdio>
#include <utility>

#include "probity.hpp"

template <class Work>
static void provoke(const char *word, Work work)
{
    try {
        work();
    } catch (const probity::error &error) {
        std::printf("%s %d %s\n", word, static_cast<int>(error.status()), error.what());
        return;
    }
    throw std::logic_error("a call that must fail did not");
}

static void print_ions(const probity::finding &finding, int32_t which, const char *word)
{
    const probity_evidence ions = probity::evidence(finding, 0, which);
    for (size_t row = 0; row < ions.count; row++) {
        std::printf("%s", word);
        for (const double *column :
             {ions.query_position, ions.query_intensity, ions.library_position, ions.library_intensity})
            if (column)
                std::printf(" %.4f", column[row]);
        std::puts("");
    }
}

static void print_finding(const probity::searcher &searcher, const probity_query *query)
{
    const probity::finding finding = probity::identify(searcher, query);
    const probity_hit_list *hits = probity_finding_hits(finding.get());
    for (size_t index = 0; index < probity_hit_list_count(hits); index++) {
        const probity_hit hit = probity::hit(hits, index);
        std::printf("hit %d %d %.6f %s\n", static_cast<int>(hit.rank), static_cast<int>(hit.entry_id),
                    hit.first_measure, hit.name);
    }
    print_ions(finding, PROBITY_EVIDENCE_MATCHED, "matched");
    print_ions(finding, PROBITY_EVIDENCE_UNEXPLAINED, "unexplained");
    print_ions(finding, PROBITY_EVIDENCE_MISSING, "missing");
    std::printf("outcome %s\n", probity_finding_outcome_name(finding.get()));
    std::printf("digest %s\n", probity_finding_digest(finding.get()));
}

static void print_from_arrays(const probity::searcher &searcher, const probity_query *read)
{
    const double *mz, *intensity;
    size_t count;
    probity::call(probity_query_peaks, read, &mz, &intensity, &count);
    const probity::query query = probity::query_from_peaks(std::vector<double>(mz, mz + count),
                                                           std::vector<double>(intensity, intensity + count));
    const probity::hit_list hits = probity::search(searcher, query.get());
    const probity_hit hit = probity::hit(hits.get(), 0);
    std::printf("arrays %.6f %s\n", hit.first_measure, hit.name);
}

static void batch(const probity::searcher &searcher, const probity_query *query)
{
    const std::vector<const probity_query *> queries(100, query);
    uint64_t told = 0;
    probity_batch_options options;
    probity::call(probity_batch_options_init, &options, sizeof options);
    options.threads = 2;
    options.progress = [](void *user_data, uint64_t done, uint64_t) -> int32_t {
        *static_cast<uint64_t *>(user_data) = done;
        return 0;
    };
    options.progress_user_data = &told;
    const probity::batch answers = probity::search_many(searcher, queries, nullptr, &options);
    std::printf("batch %d answers, %d told\n", static_cast<int>(probity_batch_count(answers.get())),
                static_cast<int>(told));
    options.progress = [](void *, uint64_t, uint64_t) -> int32_t { return 1; };
    provoke("cancelled", [&] { probity::search_many(searcher, queries, nullptr, &options); });
}

static void mistakes(const probity::searcher &searcher, const probity_query *query)
{
    provoke("error", [] { probity::method_named("no-such-method"); });
    provoke("error", [] { probity::query_from_peaks({50, -1}, {50, -1}); });
    provoke("error", [&] { probity::search(probity::searcher(), query); });
    const probity::hit_list hits = probity::search(searcher, query);
    provoke("error", [&] { probity::hit(hits.get(), 10); });
    probity_hit hit;
    hit.struct_size = 0;
    provoke("error", [&] { probity::call(probity_hit_list_hit, hits.get(), size_t(0), &hit); });
}

int main(int argc, char **argv)
{
    if (argc != 2 || probity_abi_version() != PROBITY_ABI_VERSION)
        return 2;
    try {
        const probity::searcher searcher =
            probity::make_searcher(probity::open_starter(), probity::method_named("ei-default"));
        const probity::query_list queries = probity::read_queries(argv[1]);
        const probity_query *query = probity_query_list_query(queries.get(), 0);
        std::printf("query %s\n", probity_query_name(query));
        print_finding(searcher, query);
        print_from_arrays(searcher, query);
        batch(searcher, query);
        mistakes(searcher, query);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
