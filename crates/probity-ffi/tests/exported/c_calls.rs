//! A host whose calls come from bytes: in any order, with handles that were never made, were freed (then NULL) or are of
//! another search, with lengths, indexes and struct sizes that are wrong. The fuzz target `c_calls` is made of this file too.

use std::ffi::c_void;
use std::ptr;

use probity_ffi::*;

/// Calls of one host at the most.
const CALLS: usize = 64;

/// What became of the calls of a host.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// How many were answered.
    pub(crate) answered: usize,
    /// How many were refused.
    pub(crate) refused: usize,
    /// How many findings were made.
    pub(crate) findings: usize,
}

/// The bytes that decide what is called.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let Some((&first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(first) % limit
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }

    /// What is left, up to a number of bytes.
    fn rest(&mut self, most: usize) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(most.min(self.0.len()));
        self.0 = rest;
        taken.to_vec()
    }
}

/// The slots of a host, NULL where nothing is.
struct Host {
    library: *mut probity_library,
    method: *mut probity_method,
    searcher: *mut probity_searcher,
    query: *mut probity_query,
    list: *mut probity_query_list,
    hits: *mut probity_hit_list,
    batch: *mut probity_batch,
    finding: *mut probity_finding,
    substance: *mut probity_substance_answer,
    findings: *mut probity_finding_batch,
    json: *mut probity_json,
}

/// Calls a function whose last parameter is an error, and reads and frees that; its status.
macro_rules! call {
    ($function:ident($($argument:expr),* $(,)?)) => {{
        let mut error = ptr::null_mut();
        let status = unsafe { $function($($argument,)* &mut error) };
        assert_eq!(status != PROBITY_OK, !error.is_null(), "an error comes with a failure and only then");
        assert_eq!(unsafe { probity_error_text(error) }.is_null(), error.is_null());
        unsafe { probity_error_free(error) };
        status
    }};
}

/// Frees a slot and makes it NULL.
macro_rules! free {
    ($slot:expr, $free:ident) => {{
        unsafe { $free($slot) };
        $slot = ptr::null_mut();
    }};
}

/// Stops a batch as soon as it tells how far it is, if the number behind `user_data` is not 0.
unsafe extern "C" fn stop(user_data: *mut c_void, _done: u64, _total: u64) -> i32 {
    unsafe { *user_data.cast::<i32>() }
}

impl Host {
    fn new() -> Self {
        Self {
            library: ptr::null_mut(),
            method: ptr::null_mut(),
            searcher: ptr::null_mut(),
            query: ptr::null_mut(),
            list: ptr::null_mut(),
            hits: ptr::null_mut(),
            batch: ptr::null_mut(),
            finding: ptr::null_mut(),
            substance: ptr::null_mut(),
            findings: ptr::null_mut(),
            json: ptr::null_mut(),
        }
    }

    /// One call of those that a host makes; its status.
    fn step(&mut self, choices: &mut Choices<'_>) -> i32 {
        match choices.below(23) {
            0 => {
                free!(self.library, probity_library_free);
                call!(probity_library_open_starter(&mut self.library))
            }
            1 => {
                let name = choices.of(&["ei-default", "ir-default", "nist-identity", "none", "\u{0}"]);
                free!(self.method, probity_method_free);
                call!(probity_method_named(name.as_ptr().cast(), name.len(), &mut self.method))
            }
            2 => {
                free!(self.searcher, probity_searcher_free);
                call!(probity_searcher_new(self.library, self.method, ptr::null(), &mut self.searcher))
            }
            3 => self.query_from_peaks(choices),
            4 => self.query_from_curve(choices),
            5 => self.read_queries(choices),
            6 => self.search(choices),
            7 => self.search_many(choices),
            8 => {
                free!(self.finding, probity_finding_free);
                call!(probity_searcher_identify(self.searcher, self.query, ptr::null(), &mut self.finding))
            }
            9 => {
                let (index, mut value) = (index(choices), 0.0);
                call!(probity_hit_list_value(
                    self.hits,
                    index,
                    b"match_factor".as_ptr().cast(),
                    12,
                    &mut value
                ))
            }
            10 => self.read_hit(choices),
            11 => {
                let (mut code, mut sentence) = (ptr::null(), ptr::null());
                call!(probity_finding_reason(self.finding, index(choices), &mut code, &mut sentence))
            }
            12 => {
                let mut json = ptr::null();
                call!(probity_finding_json(self.finding, &mut json, ptr::null_mut()))
            }
            13 => {
                let mut query = ptr::null_mut();
                let status = call!(probity_query_from_entry(self.library, index(choices) as u64, &mut query));
                unsafe { probity_query_free(query) };
                status
            }
            14 => {
                let text = choices.rest(24);
                free!(self.substance, probity_substance_answer_free);
                call!(probity_substance_lookup(text.as_ptr().cast(), text.len(), &mut self.substance))
            }
            15 => self.identify_flat(choices),
            16 => {
                free!(self.library, probity_library_free);
                PROBITY_OK
            }
            17 => self.identify_many(choices),
            18 => {
                let mut finding = ptr::null();
                let status =
                    call!(probity_finding_batch_finding(self.findings, index(choices), &mut finding));
                assert_eq!(status != PROBITY_OK, unsafe { probity_finding_hits(finding) }.is_null());
                status
            }
            19 => {
                free!(self.json, probity_json_free);
                let entry = index(choices) as u64;
                call!(probity_searcher_explain(self.searcher, self.query, entry, &mut self.json))
            }
            20 => self.find_mixture(choices),
            21 => self.audit(choices),
            _ => {
                let (text, length) =
                    unsafe { (probity_json_text(self.json), probity_json_length(self.json)) };
                assert_eq!(text.is_null(), length == 0);
                PROBITY_OK
            }
        }
    }

    fn query_from_peaks(&mut self, choices: &mut Choices<'_>) -> i32 {
        let mz = [82.0, 182.0, 303.0, choices.of(&[f64::NAN, -1.0, 0.0, 94.0, f64::INFINITY])];
        let intensity = [999.0, 800.0, 200.0, choices.of(&[1.0, -1.0, f64::NAN])];
        let count = choices.of(&[0, 3, 4, usize::MAX]);
        let mz = choices.of(&[mz.as_ptr(), mz.as_ptr(), ptr::null()]);
        free!(self.query, probity_query_free);
        call!(probity_query_from_peaks(mz, intensity.as_ptr(), count, ptr::null(), &mut self.query))
    }

    fn query_from_curve(&mut self, choices: &mut Choices<'_>) -> i32 {
        let axis = [400.0, 1_700.0, choices.of(&[4_000.0, 400.0, f64::NAN])];
        let values = [0.1, choices.of(&[0.9, -5.0, f64::INFINITY]), 0.1];
        let (axis_unit, value_unit) = (choices.of(&[1, 3, 100, -7]), choices.of(&[1, 3, 0, i32::MAX]));
        let count = choices.of(&[3, 1, 0, usize::MAX / 8]);
        let (axis, values) = (axis.as_ptr(), values.as_ptr());
        free!(self.query, probity_query_free);
        call!(probity_query_from_curve(
            axis,
            axis_unit,
            values,
            value_unit,
            count,
            ptr::null(),
            &mut self.query
        ))
    }

    fn read_queries(&mut self, choices: &mut Choices<'_>) -> i32 {
        let bytes = if choices.below(2) == 0 {
            b"Name: a\nNum Peaks: 2\n82 999\n182 500\n".to_vec()
        } else {
            choices.rest(64)
        };
        let name = "given.msp";
        free!(self.list, probity_query_list_free);
        call!(probity_query_list_from_bytes(
            bytes.as_ptr(),
            bytes.len(),
            name.as_ptr().cast(),
            name.len(),
            ptr::null(),
            &mut self.list
        ))
    }

    fn search(&mut self, choices: &mut Choices<'_>) -> i32 {
        let mut options = unsafe { std::mem::zeroed::<probity_search_options>() };
        let size = choices.of(&[size_of::<probity_search_options>(), 16, 8, 0, 5, usize::MAX]);
        let mut buffer = [0_u8; 8_192];
        if size <= size_of::<probity_search_options>() {
            let status = call!(probity_search_options_init(&mut options, size));
            if status != PROBITY_OK {
                return status;
            }
        } else {
            return call!(probity_search_options_init(buffer.as_mut_ptr().cast(), size));
        }
        free!(self.hits, probity_hit_list_free);
        call!(probity_searcher_search(self.searcher, self.query, &options, &mut self.hits))
    }

    fn search_many(&mut self, choices: &mut Choices<'_>) -> i32 {
        let of_list = unsafe { probity_query_list_query(self.list, 0) };
        let queries = [self.query.cast_const(), of_list, self.query];
        let mut stops = i32::from(choices.below(2) == 1);
        let mut options = unsafe { std::mem::zeroed::<probity_batch_options>() };
        let status = call!(probity_batch_options_init(&mut options, size_of::<probity_batch_options>()));
        assert_eq!(status, PROBITY_OK);
        options.threads = choices.of(&[1, 2, u32::MAX]);
        options.progress = Some(stop);
        options.progress_user_data = (&raw mut stops).cast();
        let count = choices.of(&[3, 1, 0]);
        free!(self.batch, probity_batch_free);
        call!(probity_searcher_search_many(
            self.searcher,
            queries.as_ptr(),
            count,
            ptr::null(),
            &options,
            &mut self.batch
        ))
    }

    fn identify_many(&mut self, choices: &mut Choices<'_>) -> i32 {
        let of_list = unsafe { probity_query_list_query(self.list, 0) };
        let queries = [self.query.cast_const(), of_list];
        let count = choices.of(&[2, 1, 0]);
        free!(self.findings, probity_finding_batch_free);
        let status = call!(probity_searcher_identify_many(
            self.searcher,
            queries.as_ptr(),
            count,
            ptr::null(),
            ptr::null(),
            &mut self.findings
        ));
        let mut json = ptr::null();
        let told = call!(probity_finding_batch_json(self.findings, &mut json, ptr::null_mut()));
        assert_eq!(status == PROBITY_OK, told == PROBITY_OK);
        status
    }

    fn find_mixture(&mut self, choices: &mut Choices<'_>) -> i32 {
        let mut options = unsafe { std::mem::zeroed::<probity_mixture_options>() };
        let status = call!(probity_mixture_options_init(&mut options, size_of::<probity_mixture_options>()));
        assert_eq!(status, PROBITY_OK);
        let targets = [1_u64, 99, u64::MAX];
        options.maximum_components = choices.of(&[4, 0, u32::MAX]);
        options.background_order = choices.of(&[3, 7, u32::MAX]);
        (options.targets, options.target_count) = (targets.as_ptr(), choices.of(&[0, 1, 3, usize::MAX]));
        free!(self.json, probity_json_free);
        let (searcher, query) = (self.searcher, self.query);
        call!(probity_searcher_find_mixture(searcher, query, ptr::null(), &options, &mut self.json))
    }

    fn audit(&mut self, choices: &mut Choices<'_>) -> i32 {
        let mut stops = i32::from(choices.below(2) == 1);
        let mut options = unsafe { std::mem::zeroed::<probity_work_options>() };
        let status = call!(probity_work_options_init(&mut options, size_of::<probity_work_options>()));
        assert_eq!(status, PROBITY_OK);
        options.threads = choices.of(&[1, 2, u32::MAX]);
        options.progress = Some(stop);
        options.progress_user_data = (&raw mut stops).cast();
        free!(self.json, probity_json_free);
        call!(probity_library_audit(self.library, &options, &mut self.json))
    }

    fn read_hit(&mut self, choices: &mut Choices<'_>) -> i32 {
        let mut hit = unsafe { std::mem::zeroed::<probity_hit>() };
        hit.struct_size = choices.of(&[size_of::<probity_hit>() as u32, 24, 0, 7]);
        call!(probity_hit_list_hit(self.hits, index(choices), &mut hit))
    }

    fn identify_flat(&mut self, choices: &mut Choices<'_>) -> i32 {
        let (mz, intensity) = ([82.0, 182.0, 303.0], [999.0, 800.0, 200.0]);
        let mut buffer = vec![0; choices.of(&[1 << 20, 64, 0])];
        let mut needed = 0;
        let status = unsafe {
            probity_identify_json(
                self.searcher,
                mz.as_ptr(),
                intensity.as_ptr(),
                choices.of(&[3, 0]),
                buffer.as_mut_ptr(),
                buffer.len(),
                &mut needed,
            )
        };
        assert!(needed > 0, "an answer or an error needs room");
        status
    }
}

fn index(choices: &mut Choices<'_>) -> usize {
    choices.of(&[0, 1, 9, 10, usize::MAX])
}

impl Drop for Host {
    fn drop(&mut self) {
        free!(self.library, probity_library_free);
        free!(self.method, probity_method_free);
        free!(self.searcher, probity_searcher_free);
        free!(self.query, probity_query_free);
        free!(self.list, probity_query_list_free);
        free!(self.hits, probity_hit_list_free);
        free!(self.batch, probity_batch_free);
        free!(self.finding, probity_finding_free);
        free!(self.substance, probity_substance_answer_free);
        free!(self.findings, probity_finding_batch_free);
        free!(self.json, probity_json_free);
    }
}

/// Makes the calls that the bytes say: each answers, none with a defect.
pub(crate) fn play(bytes: &[u8]) -> Answers {
    let (mut answers, mut choices, mut host) = (Answers::default(), Choices(bytes), Host::new());
    for _ in 0..CALLS {
        if choices.0.is_empty() {
            break;
        }
        let status = host.step(&mut choices);
        assert!(status != PROBITY_ERROR_PANIC && status != PROBITY_ERROR_INTERNAL, "status {status}");
        if status == PROBITY_OK {
            answers.answered += 1;
        } else {
            answers.refused += 1;
        }
        answers.findings += usize::from(!host.finding.is_null());
    }
    answers
}
