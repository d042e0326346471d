//! Calls in any order, with handles that were never made, were freed (then NULL), or are of another search.

use std::ptr;

use probity_ffi::*;

use crate::support::{Outcome, call};

const CALLS_EACH: usize = 60;

/// Numbers that look random and are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

/// The slots of a host, NULL where nothing is.
struct Host {
    library: *mut probity_library,
    method: *mut probity_method,
    searcher: *mut probity_searcher,
    query: *mut probity_query,
    hits: *mut probity_hit_list,
    finding: *mut probity_finding,
}

impl Host {
    /// One call of those that a host makes; its status.
    fn step(&mut self, numbers: &mut Numbers) -> i32 {
        let index = [0, 1, 9, 10, usize::MAX][numbers.below(5)];
        let outcome: Outcome = match numbers.below(11) {
            0 => {
                unsafe { probity_library_free(self.library) };
                self.library = ptr::null_mut();
                call!(probity_library_open_starter(&mut self.library))
            }
            1 => {
                let name = ["ei-default", "ir-default", "nist-identity", "none", "\u{0}"][numbers.below(5)];
                unsafe { probity_method_free(self.method) };
                self.method = ptr::null_mut();
                call!(probity_method_named(name.as_ptr().cast(), name.len(), &mut self.method))
            }
            2 => {
                unsafe { probity_searcher_free(self.searcher) };
                self.searcher = ptr::null_mut();
                call!(probity_searcher_new(self.library, self.method, ptr::null(), &mut self.searcher))
            }
            3 => {
                let numbers_in = [82.0, 182.0, 303.0, [f64::NAN, -1.0, 0.0, 94.0][numbers.below(4)]];
                let count = [0, 3, 4, usize::MAX][numbers.below(4)];
                let mz = [numbers_in.as_ptr(), ptr::null()][usize::from(numbers.below(6) == 0)];
                unsafe { probity_query_free(self.query) };
                self.query = ptr::null_mut();
                let intensity = [999.0, 800.0, 200.0, 1.0].as_ptr();
                call!(probity_query_from_peaks(mz, intensity, count, ptr::null(), &mut self.query))
            }
            4 => {
                unsafe { probity_hit_list_free(self.hits) };
                self.hits = ptr::null_mut();
                call!(probity_searcher_search(self.searcher, self.query, ptr::null(), &mut self.hits))
            }
            5 => {
                unsafe { probity_finding_free(self.finding) };
                self.finding = ptr::null_mut();
                call!(probity_searcher_identify(self.searcher, self.query, ptr::null(), &mut self.finding))
            }
            6 => {
                let mut value = 0.0;
                call!(probity_hit_list_value(
                    self.hits,
                    index,
                    b"match_factor".as_ptr().cast(),
                    12,
                    &mut value
                ))
            }
            7 => {
                let (mut code, mut sentence) = (ptr::null(), ptr::null());
                call!(probity_finding_reason(self.finding, index, &mut code, &mut sentence))
            }
            8 => {
                let mut json = ptr::null();
                call!(probity_finding_json(self.finding, &mut json, ptr::null_mut()))
            }
            9 => {
                let mut query = ptr::null_mut();
                let outcome = call!(probity_query_from_entry(self.library, index as u64, &mut query));
                unsafe { probity_query_free(query) };
                outcome
            }
            _ => {
                unsafe { probity_library_free(self.library) };
                self.library = ptr::null_mut();
                Outcome { status: PROBITY_OK, text: None }
            }
        };
        outcome.status
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        unsafe {
            probity_library_free(self.library);
            probity_method_free(self.method);
            probity_searcher_free(self.searcher);
            probity_query_free(self.query);
            probity_hit_list_free(self.hits);
            probity_finding_free(self.finding);
        }
    }
}

/// That each call answers, none with a defect; and that the sequences reach answers and mistakes alike.
#[test]
fn calls_in_any_order_are_answered() {
    let (mut answered, mut refused, mut findings) = (0, 0, 0);
    for seed in 0..40 {
        let mut numbers = Numbers(seed);
        let mut host = Host {
            library: ptr::null_mut(),
            method: ptr::null_mut(),
            searcher: ptr::null_mut(),
            query: ptr::null_mut(),
            hits: ptr::null_mut(),
            finding: ptr::null_mut(),
        };
        for _ in 0..CALLS_EACH {
            let status = host.step(&mut numbers);
            assert!(status != PROBITY_ERROR_PANIC && status != PROBITY_ERROR_INTERNAL, "seed {seed}");
            if status == PROBITY_OK { answered += 1 } else { refused += 1 }
        }
        findings += usize::from(!host.finding.is_null());
    }
    assert!(answered > 100 && refused > 100 && findings > 0, "{answered}, {refused}, {findings}");
}
