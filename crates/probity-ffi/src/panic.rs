//! Panics end at the exported functions, in silence: a host's standard error is not ours to write to.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

thread_local! {
    static IN_A_CALL: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What a panic said, and where it was.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    silence_our_panics();
    let outer = IN_A_CALL.replace(true);
    // A handle is never changed once it is made, so that a panic leaves none half changed; what the core fills on
    // demand it fills whole or not at all.
    let result = catch_unwind(AssertUnwindSafe(work));
    IN_A_CALL.set(outer);
    result.map_err(|payload| {
        let place = PLACE.take().map(|place| format!(" at {place}")).unwrap_or_default();
        format!("a defect of the library{place}: {}", message(payload.as_ref()))
    })
}

fn message(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("it gave no reason")
}

/// Panics within a call, or on a thread of an executor, are not printed; all others are as they were.
fn silence_our_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            let is_worker = || std::thread::current().name().is_some_and(|name| name.starts_with("probity-"));
            if IN_A_CALL.get() {
                PLACE.replace(info.location().map(ToString::to_string));
            } else if !is_worker() {
                others(info);
            }
        }));
    });
}
