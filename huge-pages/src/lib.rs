//! Memory on huge pages. What walks through many megabytes without order, as Argon2 does, otherwise spends a part of its
//! time on finding out where each page is; on a virtual machine all the more.
//!
//! A crate of its own since it holds the only `unsafe` block of the workspace (decision 17). Elsewhere than on Linux
//! nothing here does anything.

use std::mem::MaybeUninit;

/// How large a huge page is on the processors that Guichet is built for (`x86_64`, and `aarch64` with pages of 4 KiB).
#[cfg(target_os = "linux")]
const HUGE_PAGE: usize = 2 * 1024 * 1024;

/// Asks for huge pages under `memory`, best before it is used for the first time. A hint: the kernel may have none, or be
/// set to give none, and what is read and written is the same.
pub fn prefer_huge_pages<T>(memory: &mut [MaybeUninit<T>]) {
    #[cfg(target_os = "linux")]
    {
        let start = memory.as_mut_ptr().cast::<u8>();
        let before = start.align_offset(HUGE_PAGE);
        let whole = size_of_val(memory).saturating_sub(before) / HUGE_PAGE * HUGE_PAGE;
        if whole > 0 {
            advise(start.wrapping_add(before), whole);
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = memory;
}

/// madvise(2), `MADV_HUGEPAGE`.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the system call is unsafe as a whole, for the sake of other kinds of advice")]
fn advise(start: *mut u8, octets: usize) {
    // SAFETY: the caller has borrowed the range exclusively, and this advice neither changes nor unmaps what it holds.
    let _refused = unsafe { rustix::mm::madvise(start.cast(), octets, rustix::mm::Advice::LinuxHugepage) };
}

/// Lets [`prefer_huge_pages`] work in a process whose allocator has switched huge pages off for all of it, where the system
/// gives them only to who asks. Where it gives them unasked they stay off: each thread's first page would take 2 MiB.
pub fn allow_where_asked_for() {
    #[cfg(target_os = "linux")]
    {
        let enabled = std::fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
        if enabled.is_ok_and(|modes| modes.contains("[madvise]")) {
            // What is refused leaves everything as it is.
            let _refused = rustix::thread::disable_transparent_huge_pages(false);
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::fs;

    use super::*;

    /// The flags of the mapping that holds an address (proc(5), `smaps`).
    fn flags(address: usize) -> String {
        let maps = fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        for line in maps.lines() {
            let range = line.split(' ').next().and_then(|range| range.split_once('-'));
            let bound = |text: &str| usize::from_str_radix(text, 16).ok();
            if let Some((Some(from), Some(to))) = range.map(|(from, to)| (bound(from), bound(to))) {
                inside = (from..to).contains(&address);
            }
            if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| inside) {
                return flags.to_owned();
            }
        }
        String::new()
    }

    #[test]
    fn large_memory_is_asked_for_and_holds_what_is_written() {
        let mut memory: Vec<u64> = Vec::with_capacity(3 * HUGE_PAGE / size_of::<u64>());
        prefer_huge_pages(memory.spare_capacity_mut());
        memory.extend(0..memory.capacity() as u64);
        let middle = memory.as_ptr() as usize + 3 * HUGE_PAGE / 2;
        if fs::exists("/sys/kernel/mm/transparent_hugepage").unwrap() {
            assert!(flags(middle).split_whitespace().any(|flag| flag == "hg"), "{}", flags(middle));
        }
        assert!(memory.iter().zip(0..).all(|(held, written)| *held == written));
    }

    #[test]
    fn what_is_smaller_than_a_huge_page_is_left_alone() {
        let mut memory: Vec<u8> = Vec::with_capacity(HUGE_PAGE / 2);
        prefer_huge_pages(memory.spare_capacity_mut());
        prefer_huge_pages::<u8>(&mut []);
        memory.resize(HUGE_PAGE / 2, 7);
        assert!(!flags(memory.as_ptr() as usize).split_whitespace().any(|flag| flag == "hg"));
    }
}
