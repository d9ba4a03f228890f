//! The global locale belongs to the process, so one test goes through its states.

use super::*;

fn named(result: *mut c_char) -> Option<&'static [u8]> {
    // SAFETY: null or a constant.
    (!result.is_null()).then(|| unsafe { c_bytes(result) })
}

#[test]
fn setlocale_accepts_names_of_our_encodings_and_refuses_others() {
    // SAFETY: literals.
    unsafe {
        assert_eq!(named(setlocale(ALL, ptr::null())), Some(&b"C"[..]));
        assert_eq!(named(setlocale(0, c"C.UTF-8".as_ptr())), Some(&b"C.UTF-8"[..]));
        assert_eq!(__ctype_get_mb_cur_max(), 4);
        assert_eq!(named(setlocale(ALL, ptr::null())), Some(&b"C.UTF-8;C;C;C;C;C"[..]));
        let saved = setlocale(ALL, ptr::null());
        assert_eq!(named(setlocale(ALL, c"POSIX".as_ptr())), Some(&b"C"[..]));
        assert_eq!(__ctype_get_mb_cur_max(), 1);
        assert_eq!(named(setlocale(ALL, saved)), Some(&b"C.UTF-8;C;C;C;C;C"[..]));
        assert_eq!(named(setlocale(ALL, c"de_DE.ISO-8859-1".as_ptr())), None);
        assert_eq!(named(setlocale(5, c"de_DE.utf8".as_ptr())), Some(&b"de_DE.utf8"[..]));
        assert_eq!(named(setlocale(ALL, ptr::null())), Some(&b"C.UTF-8;C;C;C;C;de_DE.utf8"[..]));
        assert_eq!(named(setlocale(ALL, c"en_US.UTF-8".as_ptr())), Some(&b"en_US.UTF-8"[..]));
        assert_eq!(named(setlocale(ALL, saved)), Some(&b"C.UTF-8;C;C;C;C;C"[..]));
        assert_eq!(named(setlocale(6 + 1, c"C".as_ptr())), None);
        assert_eq!(named(setlocale(-1, ptr::null())), None);
        assert_eq!(named(setlocale(0, ptr::null())), Some(&b"C.UTF-8"[..]));
        // The thread's locale wins over the global one.
        let c = newlocale(ALL_MASK, c"C".as_ptr(), ptr::null());
        assert_eq!(uselocale(c), GLOBAL);
        assert_eq!(__ctype_get_mb_cur_max(), 1);
        assert_eq!(uselocale(GLOBAL), c);
        assert_eq!(__ctype_get_mb_cur_max(), 4);
        assert_eq!(duplocale(GLOBAL), newlocale(1, c"C.UTF-8".as_ptr(), ptr::null()));
        // The environment; `environ` is empty in a unit test until now.
        let mut entries = [c"LANG=C.UTF-8".as_ptr().cast_mut(), c"LC_TIME=C".as_ptr().cast_mut(), ptr::null_mut()];
        crate::rt::ENVIRON.store(entries.as_mut_ptr(), Ordering::Release);
        assert_eq!(named(setlocale(ALL, c"".as_ptr())), Some(&b"C.UTF-8;C.UTF-8;C;C.UTF-8;C.UTF-8;C.UTF-8"[..]));
        let mut entries = [c"LANG=en_US.UTF-8".as_ptr().cast_mut(), ptr::null_mut()];
        crate::rt::ENVIRON.store(entries.as_mut_ptr(), Ordering::Release);
        assert_eq!(named(setlocale(ALL, c"".as_ptr())), Some(&b"en_US.UTF-8"[..]));
        let mut entries = [c"LANG=C".as_ptr().cast_mut(), c"LC_ALL=xx_YY".as_ptr().cast_mut(), ptr::null_mut()];
        crate::rt::ENVIRON.store(entries.as_mut_ptr(), Ordering::Release);
        assert_eq!(named(setlocale(ALL, c"".as_ptr())), None);
        assert_eq!(newlocale(ALL_MASK, c"".as_ptr(), ptr::null()), ptr::null());
        crate::rt::ENVIRON.store(ptr::null_mut(), Ordering::Release);
        assert_eq!(named(setlocale(ALL, c"".as_ptr())), Some(&b"C"[..]));
    }
}

#[test]
fn newlocale_changes_the_categories_of_its_mask() {
    // SAFETY: literals and results of newlocale.
    unsafe {
        let errno = || thread().errno.get();
        let utf8 = newlocale(ALL_MASK, c"C.UTF-8".as_ptr(), ptr::null());
        let mixed = newlocale(1 << 2, c"C".as_ptr(), utf8);
        assert_eq!(Locale::from_c(mixed).name(None), c"C.UTF-8;C.UTF-8;C;C.UTF-8;C.UTF-8;C.UTF-8");
        assert_eq!((newlocale(1, c"nowhere".as_ptr(), utf8), errno()), (ptr::null(), 2));
        assert_eq!((newlocale(1 << 7, c"C".as_ptr(), utf8), errno()), (ptr::null(), 22));
        assert_eq!((newlocale(1, ptr::null(), utf8), errno()), (ptr::null(), 22));
        assert_eq!(c_bytes(nl_langinfo_l(14, utf8)), b"UTF-8");
        assert_eq!(c_bytes((*localeconv()).decimal_point), b".");
        freelocale(mixed);
    }
}
