//! Asking the memory for what will be read soon.

/// Bytes that come from the memory together.
const LINE: usize = 64;

/// Asks for items that will be read soon: reading them then need not wait. It changes nothing else.
#[inline]
pub fn prefetch<T>(items: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..size_of_val(items)).step_by(LINE) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every x86-64 processor has the instruction, and it reads nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(items.as_ptr().wrapping_byte_add(line).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = items;
}
