// probity.hpp: probity.h for C++11 and later. Handles free themselves, errors are exceptions. Header only.
//
// Licence: MIT or Apache-2.0.
//
// Every function of probity.h can be used with these classes: get() lends the handle. What the rules of probity.h say
// of threads and of the life of pointers holds here too. An exception must not leave a callback.

#ifndef PROBITY_HPP
#define PROBITY_HPP

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "probity.h"

namespace probity {

// What went wrong: what() is the whole sentence, place included.
class error : public std::runtime_error {
public:
    // Takes what a failed call left, and frees it.
    error(int32_t status, probity_error *owned)
        : std::runtime_error(owned ? probity_error_text(owned) : "probity failed without a message"), status_(status),
          file_(owned && probity_error_file(owned) ? probity_error_file(owned) : ""),
          record_(probity_error_record(owned)), line_(probity_error_line(owned))
    {
        probity_error_free(owned);
    }
    // A PROBITY_ERROR number.
    int32_t status() const { return status_; }
    // The file; empty if it is about none.
    const std::string &file() const { return file_; }
    // The record of the file, from 1; 0 if it is about none.
    uint64_t record() const { return record_; }
    // The line, from 1; 0 if it is about none.
    uint64_t line() const { return line_; }

private:
    int32_t status_;
    std::string file_;
    uint64_t record_, line_;
};

// Calls a function of probity.h that can fail, without its last argument; throws `error`.
template <class Function, class... Arguments>
void call(Function function, Arguments... arguments)
{
    probity_error *failure = nullptr;
    const int32_t status = function(arguments..., &failure);
    if (status != PROBITY_OK)
        throw error(status, failure);
}

// A handle that is freed by `Free`. It can be moved, not copied.
template <class Type, void (*Free)(Type *)>
class handle {
public:
    // Calls a function whose last output is the handle.
    template <class Function, class... Arguments>
    static handle made_by(Function function, Arguments... arguments)
    {
        Type *made = nullptr;
        call(function, arguments..., &made);
        handle result;
        result.owned_.reset(made);
        return result;
    }
    const Type *get() const { return owned_.get(); }

private:
    struct deleter {
        void operator()(Type *owned) const { Free(owned); }
    };
    std::unique_ptr<Type, deleter> owned_;
};

using library = handle<probity_library, probity_library_free>;
using method = handle<probity_method, probity_method_free>;
using searcher = handle<probity_searcher, probity_searcher_free>;
using query = handle<probity_query, probity_query_free>;
using query_list = handle<probity_query_list, probity_query_list_free>;
using hit_list = handle<probity_hit_list, probity_hit_list_free>;
using finding = handle<probity_finding, probity_finding_free>;
using batch = handle<probity_batch, probity_batch_free>;
using finding_batch = handle<probity_finding_batch, probity_finding_batch_free>;
using json = handle<probity_json, probity_json_free>;
using verification = handle<probity_verification, probity_verification_free>;
using substance_answer = handle<probity_substance_answer, probity_substance_answer_free>;

inline library open_starter() { return library::made_by(probity_library_open_starter); }

inline library open_library(const std::string &path, const probity_open_options *options = nullptr)
{
    return library::made_by(probity_library_open, path.data(), path.size(), options);
}

inline method method_named(const std::string &name)
{
    return method::made_by(probity_method_named, name.data(), name.size());
}

inline searcher make_searcher(const library &of, const method &by, const probity_searcher_options *options = nullptr)
{
    return searcher::made_by(probity_searcher_new, of.get(), by.get(), options);
}

inline query query_from_peaks(const std::vector<double> &mz, const std::vector<double> &intensity,
                              const probity_spectrum_description *description = nullptr)
{
    if (mz.size() != intensity.size())
        throw std::invalid_argument("mz and intensity must be of one length");
    return query::made_by(probity_query_from_peaks, mz.data(), intensity.data(), mz.size(), description);
}

inline query_list read_queries(const std::string &path, const probity_read_options *options = nullptr)
{
    return query_list::made_by(probity_query_list_from_file, path.data(), path.size(), options);
}

inline hit_list search(const searcher &with, const probity_query *query,
                       const probity_search_options *options = nullptr)
{
    return hit_list::made_by(probity_searcher_search, with.get(), query, options);
}

inline finding identify(const searcher &with, const probity_query *query,
                        const probity_search_options *options = nullptr)
{
    return finding::made_by(probity_searcher_identify, with.get(), query, options);
}

inline batch search_many(const searcher &with, const std::vector<const probity_query *> &queries,
                         const probity_search_options *options = nullptr,
                         const probity_batch_options *batch_options = nullptr)
{
    return batch::made_by(probity_searcher_search_many, with.get(), queries.data(), queries.size(), options,
                          batch_options);
}

inline finding_batch identify_many(const searcher &with, const std::vector<const probity_query *> &queries,
                                   const probity_search_options *options = nullptr,
                                   const probity_batch_options *batch_options = nullptr)
{
    return finding_batch::made_by(probity_searcher_identify_many, with.get(), queries.data(), queries.size(), options,
                                  batch_options);
}

inline json explain(const searcher &with, const probity_query *query, uint64_t entry_id)
{
    return json::made_by(probity_searcher_explain, with.get(), query, entry_id);
}

inline json find_mixture(const searcher &with, const probity_query *query,
                         const probity_search_options *conditions = nullptr,
                         const probity_mixture_options *options = nullptr)
{
    return json::made_by(probity_searcher_find_mixture, with.get(), query, conditions, options);
}

inline json audit(const library &of, const probity_work_options *options = nullptr)
{
    return json::made_by(probity_library_audit, of.get(), options);
}

inline json history(const std::string &path)
{
    return json::made_by(probity_library_history, path.data(), path.size());
}

// The JSON of an answer.
inline std::string text(const json &of) { return std::string(probity_json_text(of.get()), probity_json_length(of.get())); }

// A hit, from 0. Its texts live as long as the list.
inline probity_hit hit(const probity_hit_list *hits, size_t index)
{
    probity_hit result;
    result.struct_size = sizeof result;
    call(probity_hit_list_hit, hits, index, &result);
    return result;
}

// Ions or bands of a hit (from 0): one of the PROBITY_EVIDENCE kinds. Its columns live as long as the finding.
inline probity_evidence evidence(const finding &of, size_t hit_index, int32_t which)
{
    probity_evidence result;
    result.struct_size = sizeof result;
    call(probity_finding_evidence, of.get(), hit_index, which, &result);
    return result;
}

}  // namespace probity

#endif  // PROBITY_HPP
