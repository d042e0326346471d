//! Structs of earlier and later versions, and sizes that are none.

use std::ptr;

use probity_ffi::*;

use crate::support::{INTENSITY, MZ, call, method, peaks, searcher, sized, starter};

/// A caller's struct that may be smaller or larger than this version's.
#[repr(C, align(8))]
struct Caller([u8; 512]);

impl Caller {
    fn of(size: u32) -> Self {
        let mut caller = Self([0xaa; 512]);
        caller.0[..4].copy_from_slice(&size.to_ne_bytes());
        caller
    }

    fn pointer<T>(&mut self) -> *mut T {
        self.0.as_mut_ptr().cast()
    }
}

#[test]
fn init_fills_what_the_caller_has_and_nothing_beyond() {
    let whole = size_of::<probity_search_options>();
    for size in [8, 16, 24, whole, whole + 8, whole + 64] {
        let mut caller = Caller::of(0);
        call!(probity_search_options_init(caller.pointer(), size)).ok();
        assert_eq!(caller.0[..4], u32::try_from(size).unwrap().to_ne_bytes());
        assert_eq!(caller.0[4..8], 1_i32.to_ne_bytes(), "relative_probability");
        if size >= 16 {
            assert_eq!(caller.0[8..16], 10_usize.to_ne_bytes(), "hits");
        }
        assert!(caller.0[whole.min(size)..size].iter().all(|&byte| byte == 0), "what a later version has");
        assert!(caller.0[size..].iter().all(|&byte| byte == 0xaa), "beyond the caller's struct");
    }
}

#[test]
fn sizes_that_are_none_are_refused() {
    const SIZE: i32 = PROBITY_ERROR_STRUCT_SIZE;
    let (library, method, query) = (starter(), method("ei-default"), peaks(&MZ, &INTENSITY));
    let searcher = searcher(&library, "ei-default", 1);
    let mut hits = ptr::null_mut();
    call!(probity_searcher_search(searcher.0, query.0, ptr::null(), &mut hits)).ok();
    for size in [0, 1, 4, 7, 9, 12, 4_104, u32::MAX] {
        let mut caller = Caller::of(size);
        call!(probity_search_options_init(caller.pointer(), size as usize)).failed(SIZE, "struct_size");
        let list = &mut ptr::null_mut();
        call!(probity_searcher_search(searcher.0, query.0, caller.pointer(), list))
            .failed(SIZE, "probity_search_options");
        call!(probity_searcher_new(library.0, method.0, caller.pointer(), &mut ptr::null_mut()))
            .failed(SIZE, "probity_searcher_options");
        call!(probity_hit_list_hit(hits, 0, caller.pointer())).failed(SIZE, "probity_hit");
        call!(probity_method_measure(method.0, 0, caller.pointer())).failed(SIZE, "probity_measure");
        assert!(caller.0[4..].iter().all(|&byte| byte == 0xaa), "nothing was written");
    }
    unsafe { probity_hit_list_free(hits) };
}

#[test]
fn an_earlier_callers_struct_gets_defaults_for_what_it_lacks() {
    let (searcher, query) = (searcher(&starter(), "ei-default", 1), peaks(&MZ, &INTENSITY));
    let mut caller = Caller::of(16);
    caller.0[4..8].copy_from_slice(&1_i32.to_ne_bytes());
    caller.0[8..16].copy_from_slice(&2_usize.to_ne_bytes());
    let mut hits = ptr::null_mut();
    // Behind its 16 bytes stand 0xaa, of which nothing may be read.
    call!(probity_searcher_search(searcher.0, query.0, caller.pointer(), &mut hits)).ok();
    assert_eq!(unsafe { probity_hit_list_count(hits) }, 2);
    let mut small = Caller::of(24);
    call!(probity_hit_list_hit(hits, 0, small.pointer())).ok();
    assert_eq!(small.0[8..16], 1_u64.to_ne_bytes(), "rank");
    assert!(small.0[24..].iter().all(|&byte| byte == 0xaa), "beyond the caller's struct");
    unsafe { probity_hit_list_free(hits) };
}

#[test]
fn a_later_callers_struct_is_taken_unless_it_asks_for_what_is_not_known() {
    let (searcher, query) = (searcher(&starter(), "ei-default", 1), peaks(&MZ, &INTENSITY));
    let whole = size_of::<probity_search_options>();
    let mut caller = Caller::of(0);
    call!(probity_search_options_init(caller.pointer(), whole + 16)).ok();
    let mut hits = ptr::null_mut();
    call!(probity_searcher_search(searcher.0, query.0, caller.pointer(), &mut hits)).ok();
    let large = size_of::<probity_hit>();
    let mut later = Caller::of(u32::try_from(large + 16).unwrap());
    call!(probity_hit_list_hit(hits, 0, later.pointer())).ok();
    assert!(later.0[large..large + 16].iter().all(|&byte| byte == 0), "what this version does not know");
    assert!(later.0[large + 16..].iter().all(|&byte| byte == 0xaa));
    unsafe { probity_hit_list_free(hits) };
    caller.0[whole + 3] = 1;
    call!(probity_searcher_search(searcher.0, query.0, caller.pointer(), &mut ptr::null_mut()))
        .failed(PROBITY_ERROR_STRUCT_SIZE, "newer version");
}

#[test]
fn every_init_gives_what_null_gives() {
    let (library, query) = (starter(), peaks(&MZ, &INTENSITY));
    let searcher = searcher(&library, "nist-identity", 1);
    let mut search = sized!(probity_search_options);
    call!(probity_search_options_init(&mut search, size_of_val(&search))).ok();
    let mut batch = sized!(probity_batch_options);
    call!(probity_batch_options_init(&mut batch, size_of_val(&batch))).ok();
    let json = |options: *const probity_search_options, batch_options: *const probity_batch_options| {
        let (mut answers, mut hits, mut json) = (ptr::null_mut(), ptr::null(), ptr::null());
        let queries = [query.0.cast_const()];
        call!(probity_searcher_search_many(
            searcher.0,
            queries.as_ptr(),
            1,
            options,
            batch_options,
            &mut answers
        ))
        .ok();
        call!(probity_batch_hits(answers, 0, &mut hits)).ok();
        call!(probity_hit_list_json(hits, &mut json, ptr::null_mut())).ok();
        let text = crate::support::string(json).unwrap();
        unsafe { probity_batch_free(answers) };
        text
    };
    assert_eq!(json(&search, &batch), json(ptr::null(), ptr::null()));
    for (init, size) in [
        (probity_open_options_init as *const (), size_of::<probity_open_options>()),
        (probity_read_options_init as *const (), size_of::<probity_read_options>()),
        (probity_searcher_options_init as *const (), size_of::<probity_searcher_options>()),
        (probity_spectrum_description_init as *const (), size_of::<probity_spectrum_description>()),
        (probity_change_options_init as *const (), size_of::<probity_change_options>()),
        (probity_work_options_init as *const (), size_of::<probity_work_options>()),
    ] {
        type Init = unsafe extern "C" fn(*mut Caller, usize, *mut *mut probity_error) -> i32;
        // All have this signature but for the type of the struct.
        let init: Init = unsafe { std::mem::transmute(init) };
        let mut caller = Caller::of(0);
        assert_eq!(unsafe { init(&raw mut caller, size, ptr::null_mut()) }, PROBITY_OK);
        assert_eq!(caller.0[..4], u32::try_from(size).unwrap().to_ne_bytes());
        assert!(caller.0[4..size].iter().all(|&byte| byte == 0), "all their defaults are 0");
    }
}
